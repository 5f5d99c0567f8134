/** Load by wrk, whose scripts in `wrk/` print their findings as one line of JSON. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** How long a list of requests may take at most. */
const LONGEST_S = 540

export interface Load {
  requests: number
  seconds: number
  /** Answers with another status than the one expected. */
  failed: number
}

export interface ListLoad extends Load {
  /** Epoch milliseconds. */
  begun: number
  /** Of all events in all batches. */
  accepted: number
  /** Milliseconds by per cent of the requests; exact with one connection. */
  latency: Record<'50' | '95' | '99' | '100', number>
}

/** Single events, each with an id of its own, for a time. */
export async function singleEvents(url: string, connections: number, seconds: number): Promise<Load> {
  return (await wrk(url, 'single.lua', connections, seconds, [])) as Load
}

/** Every request of a list once: `GET` for lines that are paths, `POST` for lines that are bodies. */
export async function requestList(
  url: string,
  method: 'GET' | 'POST',
  list: { file: string; lines: readonly string[] },
  connections: number,
): Promise<ListLoad> {
  writeFileSync(list.file, `${list.lines.join('\n')}\n`)
  return (await wrk(url, 'list.lua', connections, LONGEST_S, [method, list.file])) as ListLoad
}

async function wrk(url: string, script: string, connections: number, seconds: number, args: string[]): Promise<Load> {
  const { stdout } = await run('wrk', [
    ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '60s'],
    ...['-s', join(import.meta.dirname, 'wrk', script), url, '--', ...args],
  ])
  const line = stdout.split('\n').find(text => text.startsWith('{'))
  if (!line) throw new Error(`wrk found nothing:\n${stdout}`)
  return JSON.parse(line) as Load
}
