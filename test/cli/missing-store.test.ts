/** Commands that read a store which is not there create nothing, and leave the dump as it was. */
import assert from 'node:assert/strict'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import { MongoClient } from 'mongodb'
import { SERVERS } from '../mongo-servers/servers.ts'
import { sampleEvents } from '../support/arrived-events.ts'
import { Place } from '../support/dump-place.ts'
import { runCliWith } from '../support/service-process.ts'

/** Everything below a folder, with the contents of the dump and the versions. */
async function snapshot({ folder, dump, config }: Place) {
  const names = (await readdir(folder, { recursive: true })).sort()
  const files = [join(dump, 'events.json'), join(config, 'dbmeta.json'), join(config, 'dbmeta_local.json')]
  return { names, texts: await Promise.all(files.map(file => readFile(file, 'utf8'))) }
}

async function exported(place: Place): Promise<void> {
  await place.fill('a', sampleEvents(5))
  assert.equal((await place.run('mongoexport', 'a')).code, 0)
}

/** What a command needs beside the store. */
const MORE: Record<string, (place: Place) => string[]> = {
  mongoexport: place => [place.dump, '--config', place.config],
  export: place => ['--parquet', join(place.folder, 'parquet')],
  sql: () => ['FROM plays'],
}

async function refuses(place: Place, env: NodeJS.ProcessEnv, commands: readonly string[], message: RegExp) {
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

it('a command for a store that is not there ends with one line', async t => {
  const place = await Place.make(t)
  await exported(place)
  await mkdir(join(place.folder, 'empty'))
  for (const name of ['missing', 'empty']) {
    const env = { DATA_DIR: join(place.folder, name) }
    await refuses(
      place,
      env,
      ['mongoexport', 'verify', 'rebuild', 'sql', 'export'],
      /^there is no store in .*(missing|empty): set DATA_DIR/,
    )
  }
})

it('MongoDB that is away is no reason to make a replica', async t => {
  const place = await Place.make(t)
  await exported(place)
  const env = { DATA_DIR: join(place.folder, 'missing'), MONGO_URI: 'mongodb://127.0.0.1:1' }
  await refuses(place, env, ['mongoexport'], /^MongoDB cannot be used now/)
  await refuses(place, env, ['verify', 'rebuild'], /^there is no store in .*replica/)
})

const [mongoServer] = SERVERS
const itOnMongo = mongoServer ? it : () => {}

itOnMongo('a database without events is neither exported nor laid out, and one with events is', async t => {
  const place = await Place.make(t)
  place.server = await mongoServer?.start()
  t.after(() => place.server?.remove())
  await exported(place)
  const { uri } = place.server!
  const wrong = { MONGO_URI: uri, DB_NAME: 'mongo-mistyped' }
  const fresh = { ...wrong, DATA_DIR: join(place.folder, 'fresh') }
  await refuses(
    place,
    fresh,
    ['mongoexport', 'verify', 'rebuild'],
    /^there (are no events in the database|is no store in)/,
  )

  const right = place.settings('mongo-a')
  assert.equal((await place.run('mongoimport', 'mongo-a')).code, 0)
  // A replica of another database is not taken for this one's.
  await refuses(place, { ...right, ...wrong }, ['mongoexport'], /^the replica in the data directory is not one of this/)
  const client = await MongoClient.connect(uri)
  const made = await client.db(wrong.DB_NAME).listCollections().toArray()
  await client.close()
  assert.deepEqual(made, [])

  const events = (await place.read('events.json')).length
  const elsewhere = { ...right, DATA_DIR: join(place.folder, 'elsewhere') }
  const { code, stdout, stderr } = await runCliWith(elsewhere, 'mongoexport', place.dump, '--config', place.config)
  assert.equal(code, 0, stderr)
  assert.match(stdout, new RegExp(`^${events} events, `))
})
