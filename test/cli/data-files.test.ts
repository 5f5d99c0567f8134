/** `mongoexport` and `mongoimport` as an operator uses them. */
import assert from 'node:assert/strict'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import { importWhereOutdated } from '../../src/data-files/import-dump.ts'
import { ALBUM, eventsOfAllKinds, Place } from '../support/dump-place.ts'
import { runCli } from '../support/service-process.ts'

const LATER = '65f000000000000000000002'

test('mongoexport and mongoimport copy a store into an empty one without any difference, and only once', async t => {
  const place = await Place.make(t)
  const events = eventsOfAllKinds()
  assert.ok(events.length > 100)
  await place.fill('a', events)
  const exported = await place.run('mongoexport', 'a')
  assert.equal(exported.code, 0, exported.stderr)
  assert.match(
    exported.stdout,
    new RegExp(`^${events.length} events, \\d+ artists and 3 bindings exported; dbVersion 1$`, 'm'),
  )
  assert.deepEqual((await readdir(place.dump)).sort(), ['artist_kpis.json', 'bindings.json', 'events.json'])
  const meta = { dbVersion: 1, colecciones: ['events', 'artist_kpis'] }
  assert.deepEqual([await place.version('dbmeta.json'), await place.version('dbmeta_local.json')], [meta, meta])
  assert.equal((await place.read('events.json')).length, events.length)

  for (const counts of [
    `${events.length} events imported, 0 there already`,
    `0 events imported, ${events.length} there`,
  ]) {
    const imported = await place.run('mongoimport', 'b')
    assert.equal(imported.code, 0, imported.stderr)
    assert.match(imported.stdout, new RegExp(`^${counts}`, 'm'))
    assert.match(imported.stdout, /^artist_kpis compared with the events: 0 differences$/m)
    assert.deepEqual(await place.answers('b'), await place.answers('a'))
  }
  const verified = await runCli(join(place.folder, 'b'), 'verify')
  assert.match(verified.stdout, /^no difference$/m)

  const before = await readFile(join(place.dump, 'events.json'))
  assert.equal((await place.run('mongoexport', 'b', '--gzip', '--ndjson')).code, 0)
  assert.deepEqual(
    (await readdir(place.dump)).sort(),
    ['artist_kpis', 'bindings', 'events'].map(n => `${n}.ndjson.gz`),
  )
  const lines = gunzipSync(await readFile(join(place.dump, 'events.ndjson.gz'))).toString()
  assert.equal(`[\n${lines.trimEnd().replaceAll('\n', ',\n')}\n]\n`, before.toString())
  assert.match(
    (await place.run('mongoimport', 'c')).stdout,
    /, 0 in conflict\n3 bindings .* 0 differences\ndbVersion 2$/ms,
  )
})

test('mongoimport keeps every digit of whole numbers, canonical or relaxed, and mongoexport writes them as MongoDB does', async t => {
  const place = await Place.make(t)
  const document = (id: string, size: string) =>
    `{"_id":"${id}","eventType":"artist.followed","entityId":"4","timestamp":{"$date":"2025-11-20T10:00:00Z"},"metadata":{"size":${size}}}`
  const long = '{"$numberLong":"9007199254740993"}'
  await place.write('events.json', `[${document('e1', long)},${document('e2', '9007199254740993')}]`)
  const imported = await place.run('mongoimport', 'a')
  assert.match(imported.stdout, /^2 events imported, 0 there already, 0 in conflict$/m)
  assert.equal((await place.run('mongoexport', 'a')).code, 0)
  assert.deepEqual(
    (await place.read('events.json')).map(({ metadata }) => metadata),
    [{ size: JSON.parse(long) }, { size: JSON.parse(long) }],
  )
  await place.write('events.json', `[${document('e1', '9007199254740992')}]`)
  assert.match((await place.run('mongoimport', 'a')).stdout, /^0 events imported, 0 there already, 1 in conflict/m)
})

const oid = (n: number) => ({ $oid: `64b0000000000000000000${String(n).padStart(2, '0')}` })

/** As the old service stored them, and its wrong sums. */
const OLD_EVENTS = [
  { eventType: 'track.played', entityType: 'track', entityId: '1', metadata: { albumId: ALBUM, artist: 'DJ Beats' } },
  { eventType: 'track.played', entityType: 'track', entityId: '1', metadata: { artist: 'DJ Beats', title: 'Night' } },
  { eventType: 'track.liked', entityType: 'track', entityId: `${ALBUM}_1`, metadata: { artist: null, albumId: null } },
  { eventType: 'artist.followed', entityType: 'artist', entityId: '4', metadata: { artistName: 'DJ Beats' } },
  { eventType: 'order.paid', entityType: null, entityId: 4, metadata: { price: 14.270000000000001, artistId: null } },
  { eventType: 'artist.followed', entityType: null, entityId: '4', metadata: null },
].map((event, i) => ({
  _id: oid(i),
  ...event,
  userId: i % 2 ? 'anonymous' : 'u1',
  anonymous: false,
  timestamp: { $date: `2025-11-2${i}T10:00:00.123Z` },
}))
const OLD_KPIS = [
  { _id: oid(50), artistId: '1', plays: 2 },
  { _id: oid(51), artistId: '4', follows: { $numberInt: '2' }, purchases: 1, revenue: 14.270000000000001 },
]

test('mongoimport takes a dump of the old service as it is, and lists its wrong sums', async t => {
  const place = await Place.make(t)
  await place.write('events.json', JSON.stringify(OLD_EVENTS))
  await place.write('artist_kpis.json', JSON.stringify(OLD_KPIS))
  const begin = Date.now()
  const { code, stdout, stderr } = await place.run('mongoimport', 'a')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^6 events imported, 0 there already, 0 in conflict$/m)
  assert.match(stdout, /^artist_kpis compared with the events: 3 differences$/m)
  assert.match(stderr, /^artist 1 plays: the file says 2, the events give 0$/m)
  assert.match(stderr, /^artist 4 plays: the file says 0, the events give 2$/m)
  assert.match(stderr, /^artist 4 likes: the file says 0, the events give 1$/m)
  const { plays, uniqueListeners, likes, follows, purchases, revenue, quiet } = await place.kpis('a', '4')
  assert.deepEqual(
    { plays, uniqueListeners, likes, follows, purchases, revenue },
    {
      ...{ plays: 2, uniqueListeners: 1, likes: 1, follows: 2, purchases: 1, revenue: 14.27 },
    },
  )
  assert.ok(quiet !== null && quiet >= begin)

  // The same in other forms is the same.
  await rm(join(place.dump, 'events.json'))
  const lines = OLD_EVENTS.map(event => JSON.stringify(event)).join('\n')
  await place.write('events.ndjson.gz', gzipSync(lines))
  assert.match((await place.run('mongoimport', 'a')).stdout, /^0 events imported, 6 there already, 0 in conflict$/m)
  await rm(join(place.dump, 'events.ndjson.gz'))

  const changed = OLD_EVENTS.map((event, i) => (i === 2 ? { ...event, entityId: `${LATER}_1` } : event))
  await place.write('events.json', gzipSync(JSON.stringify(changed, null, 2)))
  const conflict = await place.run('mongoimport', 'a')
  assert.equal(conflict.code, 1)
  assert.match(conflict.stdout, /^0 events imported, 5 there already, 1 in conflict$/m)
  assert.match(conflict.stderr, /, document 3 \(_id 64b000000000000000000002\): the store has another event/)
  assert.match(conflict.stdout, /^1 events kept as dead letters: event_conflict 1$/m)
})

test('mongoimport takes nothing of a damaged dump, nor with --strict of one with a fault, and names line, document and fault', async t => {
  const place = await Place.make(t)
  const lines = OLD_EVENTS.map(event => JSON.stringify(event))
  const whole = `[\n${lines.join(',\n')}\n]\n`
  const wrong = (field: object) => whole.replace(lines[3]!, JSON.stringify({ ...OLD_EVENTS[3], ...field }))
  const named = String.raw`line 5, document 4 \(_id 64b000000000000000000003\): `
  const faults: [string, string | Uint8Array, RegExp, ...string[]][] = [
    ['events.json', whole.slice(0, whole.length / 2), /events\.json, line 4, document 3: ends inside the document/],
    ['events.json', gzipSync(whole).subarray(0, 300), /events\.json, line \d: gzip is damaged: unexpected end/],
    ['events.json', whole.replace('"u1"', 'u1'), /line 2, document 1: is not JSON: Unexpected token 'u'/],
    ['bindings.json', '[{"id":"album:1"', /bindings\.json, line 1, document 1: ends inside/],
    [
      'events.json',
      wrong({ metadata: { price: -1 } }),
      new RegExp(String.raw`${named}metadata\.price must not be negative \(price_negative\)`),
      '--strict',
    ],
    [
      'events.json',
      wrong({ timestamp: { $date: 'soon' } }),
      new RegExp(String.raw`${named}timestamp .*\(timestamp_invalid\)`),
      '--strict',
    ],
    [
      'bindings.json',
      '[{"id":"album:1","group":"album","value":{"kind":"album"}}]',
      /bindings\.json, line 1, document 1: value\.at/,
      '--strict',
    ],
  ]
  await mkdir(place.config)
  await writeFile(join(place.config, 'dbmeta.json'), '{"dbVersion": 3}')
  await Promise.all(
    faults.map(async ([file, content, message, ...options], i) => {
      const own = new Place(join(place.folder, String(i)))
      await mkdir(own.dump, { recursive: true })
      await cp(place.config, own.config, { recursive: true })
      await own.write('events.json', whole)
      await own.write(file, content)
      const { code, stdout, stderr } = await own.run('mongoimport', 'a', ...options)
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, message)
      const { logged, quiet } = await own.kpis('a', '4')
      assert.deepEqual([logged, quiet], [0, null])
      assert.deepEqual(await readdir(own.config), ['dbmeta.json'])
    }),
  )
  const { code, stderr } = await new Place(join(place.folder, 'none')).run('mongoimport', 'a')
  assert.equal(code, 1)
  assert.match(stderr, /none\/dump: holds no events\.json/)
})

test('mongoimport keeps catalogue records that are newer than those of the dump', async t => {
  const place = await Place.make(t)
  await place.fill('a', [])
  assert.equal((await place.run('mongoexport', 'a')).code, 0)
  const [album] = (await place.read('bindings.json')) as [{ value: CatalogueRecord }]
  const with_ = (at: number) => JSON.stringify([{ ...album, value: { ...album.value, at, genre: 'Jazz' } }])
  await place.write('bindings.json', with_(4))
  assert.match((await place.run('mongoimport', 'a')).stdout, /^1 bindings read, 0 of them new$/m)
  await place.write('bindings.json', with_(6))
  assert.match((await place.run('mongoimport', 'a')).stdout, /^1 bindings read, 1 of them new$/m)
})

test('the service imports a dump at the start where the local version is lower or missing', async t => {
  const place = await Place.make(t)
  const opened: string[] = []
  const start = () =>
    importWhereOutdated(
      async () => {
        opened.push('store')
        return place.open('a')
      },
      {
        folder: place.dump,
        configFolder: place.config,
        settings: { defaultCurrency: 'EUR', playMinSeconds: 30 },
        deadLetterMax: 10,
        clock: Date.now,
      },
    )
  assert.equal(await start(), null)
  await mkdir(place.config)
  await writeFile(join(place.config, 'dbmeta.json'), '{"dbVersion": 3, "colecciones": ["events"]}')
  assert.equal(await start(), null)
  assert.deepEqual(opened, [])
  await place.write('events.json', JSON.stringify(OLD_EVENTS))
  assert.equal((await start())?.events.accepted, 6)
  assert.deepEqual(await place.version('dbmeta_local.json'), { dbVersion: 3, colecciones: ['events', 'artist_kpis'] })
  assert.equal(await start(), null)
  await writeFile(join(place.config, 'dbmeta.json'), '{"dbVersion": 4}')
  assert.equal((await start())?.events.duplicates, 6)
  assert.equal(await start(), null)
  await writeFile(join(place.config, 'dbmeta.json'), '{"dbVersion": "x"}')
  await assert.rejects(start(), /dbmeta\.json: must be \{"dbVersion": N/)
})
