import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { json, PLAY, post, postEvent, until } from '../support/http.ts'

const SERVER = new URL('../../src/server.ts', import.meta.url).pathname

interface Started {
  child: ChildProcess
  output: { text: string }
  exit: Promise<number | null>
}

function start(t: TestContext, env: Record<string, string>): Started {
  const folder = mkdtempSync(join(tmpdir(), 'stats-'))
  const child = spawn(process.execPath, [SERVER], { cwd: folder, env: { PORT: '0', ...env } })
  t.after(() => child.kill('SIGKILL'))
  const output = { text: '' }
  for (const stream of [child.stdout, child.stderr]) stream.on('data', data => (output.text += String(data)))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { child, output, exit }
}

async function urlOf({ output }: Started): Promise<string> {
  await until(() => /listening at (http:\S+?)"/.test(output.text))
  return /listening at (http:\S+?)"/.exec(output.text)![1]!
}

test('a signal stops the service in good order: requests in flight are answered, and the exit code is 0', async t => {
  const server = start(t, {})
  const url = await urlOf(server)
  await json(await postEvent(url, PLAY), 202)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', data => (answer += String(data)))
  const body = JSON.stringify(PLAY)
  socket.write(
    `POST /api/stats/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  )
  await new Promise(resolve => setTimeout(resolve, 200))
  server.child.kill('SIGTERM')
  await until(() => server.output.text.includes('finishing what is in flight'))
  socket.write(body)
  assert.equal(await server.exit, 0)
  assert.match(answer, /^HTTP\/1.1 202/)
})

test('the exit code is 1 where stopping takes longer than its time limit', async t => {
  // Mail that is being handed over has a few seconds to end, so that it is known whether it was sent.
  const silent = createServer().listen(0, '127.0.0.1')
  t.after(() => silent.close())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const server = start(t, { SHUTDOWN_TIMEOUT: '1', SMTP_HOST: '127.0.0.1', SMTP_PORT: String(port) })
  const url = await urlOf(server)
  await json(await postEvent(url, { ...PLAY, timestamp: Date.now() }), 202)
  await until(async () => (await json(await fetch(`${url}/api/stats/artist/4/kpis`))).plays === 1)
  const alert = { artistId: '4', thresholds: { plays: 1 }, notifyEmail: 'artist@example.com' }
  const answer = post(`${url}/api/stats/alerts`, alert).catch(() => undefined)
  const [socket] = (await once(silent, 'connection')) as [Socket]
  t.after(() => socket.destroy())
  server.child.kill('SIGTERM')
  assert.equal(await server.exit, 1)
  assert.match(server.output.text, /not finished within 1 s/)
  assert.equal(await answer, undefined)
})

test('the exit code is 1 where the service cannot start, and one message says why', async t => {
  const wrong = start(t, { PORT: 'x', LOG_LEVEL: 'loud' })
  assert.equal(await wrong.exit, 1)
  assert.match(wrong.output.text, /^Wrong settings:\n {2}PORT must .*\n {2}LOG_LEVEL must .*\n$/)

  const dataDir = mkdtempSync(join(tmpdir(), 'stats-'))
  const first = start(t, { DATA_DIR: dataDir })
  const port = new URL(await urlOf(first)).port
  const second = start(t, { DATA_DIR: dataDir })
  assert.equal(await second.exit, 1)
  assert.equal(second.output.text.trim().split('\n').length, 1, second.output.text)
  assert.match(second.output.text, /in use|another process/)

  const third = start(t, { PORT: port })
  assert.equal(await third.exit, 1)
  assert.match(third.output.text, new RegExp(`Port ${port} is in use`))
  assert.doesNotMatch(third.output.text, /\n {4}at /)
})
