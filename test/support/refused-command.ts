/** Commands that can't be carried out, and so may change nothing. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sampleEvents } from './arrived-events.ts'
import type { Place } from './dump-place.ts'
import { runCliWith } from './service-process.ts'

/** Everything below a folder, with the contents of the dump and the versions. */
async function snapshot({ folder, dump, config }: Place) {
  const names = (await readdir(folder, { recursive: true })).sort()
  const files = [join(dump, 'events.json'), join(config, 'dbmeta.json'), join(config, 'dbmeta_local.json')]
  return { names, texts: await Promise.all(files.map(file => readFile(file, 'utf8'))) }
}

/** Makes a store, and its dump. */
export async function exportSome(place: Place): Promise<void> {
  await place.fill('a', sampleEvents(5))
  assert.equal((await place.run('mongoexport', 'a')).code, 0)
}

/** What a command needs beside the store. */
const MORE: Record<string, (place: Place) => string[]> = {
  mongoexport: place => [place.dump, '--config', place.config],
  export: place => ['--parquet', join(place.folder, 'parquet')],
  sql: () => ['FROM plays'],
}

/** Runs the commands: each ends with 1 and one line of this form, and changes no file. */
export async function refuses(place: Place, env: NodeJS.ProcessEnv, commands: readonly string[], message: RegExp) {
  const before = await snapshot(place)
  for (const command of commands) {
    const more = MORE[command]?.(place) ?? []
    const { code, stdout, stderr } = await runCliWith(env, command, ...more)
    assert.deepEqual([code, stdout], [1, ''], stderr)
    assert.match(stderr, message)
    assert.equal(stderr.trimEnd().split('\n').length, 1)
    assert.deepEqual(await snapshot(place), before)
  }
}
