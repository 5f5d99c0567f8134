/** The command line on a store in MongoDB. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { MongoClient } from 'mongodb'
import { SERVERS } from '../mongo-servers/servers.ts'
import { eventsOfAllKinds, Place } from '../support/dump-place.ts'
import { exportSome, refuses } from '../support/refused-command.ts'
import { runCliWith } from '../support/service-process.ts'

const [mongoServer] = SERVERS
const testOnMongo = mongoServer ? test : () => {}

testOnMongo('moves from the embedded store to MongoDB and back without any difference', async t => {
  const place = await Place.make(t)
  place.server = await mongoServer?.start()
  t.after(() => place.server?.remove())
  const events = eventsOfAllKinds()
  await place.fill('a', events)
  const answers = await place.answers('a')
  for (const [from, to] of [
    ['a', 'mongo-b'],
    ['mongo-b', 'mongo-c'],
    ['mongo-c', 'd'],
  ] as const) {
    const exported = await place.run('mongoexport', from)
    assert.equal(exported.code, 0, exported.stderr)
    for (const counts of [
      `${events.length} events imported, 0 there already`,
      `0 events imported, ${events.length} there already`,
    ]) {
      const imported = await place.run('mongoimport', to)
      assert.equal(imported.code, 0, imported.stderr)
      assert.ok(imported.stdout.startsWith(`${counts}, 0 in conflict\n`), imported.stdout)
    }
    const verified = await runCliWith(place.settings(to), 'verify')
    assert.deepEqual([verified.code, verified.stdout], [0, 'no difference\n'], verified.stderr)
    assert.deepEqual(await place.answers(to), answers)
  }
})

testOnMongo('a database without events is neither exported nor laid out, and one with events is', async t => {
  const place = await Place.make(t)
  place.server = await mongoServer?.start()
  t.after(() => place.server?.remove())
  await exportSome(place)
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
