/** Dumps that hold what is no event, or what nobody reads: the rest is imported, and nothing is lost. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Place } from '../support/dump-place.ts'
import { json, post } from '../support/http.ts'
import { runCliWith } from '../support/service-process.ts'
import { startApp } from '../support/start-app.ts'

const PLAY = {
  eventType: 'track.played',
  timestamp: { $date: '2025-11-24T10:00:00Z' },
  userId: 'u1',
  entityId: '1',
  metadata: { artistId: '4' },
}
const ORDER = { ...PLAY, eventType: 'order.paid', entityId: 'o' }
const NAN = { $numberDouble: 'NaN' }

interface Letters {
  items: { id: string; reason: string; receivedAt: string; event: Record<string, unknown> }[]
}

test('mongoimport keeps as dead letters, once, what HTTP would keep, and they can be repaired and replayed', async t => {
  const place = await Place.make(t)
  const odd = [
    { ...PLAY, _id: 'far', timestamp: { $date: '9999-12-31T00:00:00Z' }, metadata: { artistId: '4', score: NAN } },
    { ...ORDER, _id: 'nan', metadata: { artistId: '4', price: NAN } },
    { ...PLAY, _id: 'key', metadata: { artistId: '4', 'a.b': 1 } },
    { ...PLAY, _id: 'other', eventId: { a: 1 } },
    { ...PLAY, timestamp: null },
    { $oid: '64b000000000000000000003' },
    { ...PLAY, _id: 'good', userId: 'u2' },
  ]
  const good = { ...PLAY, _id: 'good' }
  await place.write('events.json', JSON.stringify([good, { ...PLAY, _id: 'better' }, ...odd]))
  const summary =
    '7 events kept as dead letters: key_forbidden 2, wrong_type 2, event_conflict 1, required 1, timestamp_in_future 1'
  for (const counts of ['2 events imported, 0 there already', '0 events imported, 2 there already']) {
    const { code, stdout, stderr } = await place.run('mongoimport', 'a')
    assert.equal(code, 1, stderr)
    assert.ok(stdout.startsWith(`${counts}, 1 in conflict\n`), stdout)
    assert.equal(stdout.trimEnd().split('\n').at(-1), summary)
    assert.match(stderr, /events\.json, line 1, document 3 \(_id far\): timestamp must not .*\(timestamp_in_future\)/)
    assert.match(stderr, /document 4 \(_id nan\): metadata\.price .*\(wrong_type\)/)
    assert.match(stderr, /document 7: timestamp is required \(required\)/)
  }

  const { url } = await startApp(t, { DATA_DIR: join(place.folder, 'a'), MONGO_URI: '' })
  const path = `${url}/api/stats/dead-letters`
  const { items } = await json<Letters>(await fetch(path))
  assert.equal(items.length, 7)
  for (const id of ['far', 'nan', 'key', 'other', 'good'])
    assert.ok(
      items.some(letter => letter.id === id),
      id,
    )
  const far = items.find(({ id }) => id === 'far')!
  assert.deepEqual(far.event.metadata, { artistId: '4', score: 'NaN' })
  assert.equal(far.event.timestamp, '9999-12-31T00:00:00Z')

  const replay = (body?: object) => post(`${path}/replay`, body ?? '')
  const all = await json<{ replayed: number; accepted: number }>(await replay())
  assert.deepEqual([all.replayed, all.accepted], [7, 1])
  const repaired = { ...far.event, timestamp: '2025-11-24T11:00:00Z' }
  assert.equal((await json(await replay({ id: 'far', event: repaired }))).accepted, 1)
  const left = (await json<Letters>(await fetch(path))).items.map(({ id }) => id)
  assert.equal(left.length, 5)
  assert.ok(!left.includes('far') && !left.includes('other'))
})

const UNREAD = [
  NAN,
  { $numberDouble: '-Infinity' },
  { $numberDecimal: 'NaN' },
  { $undefined: true },
  { $regularExpression: { pattern: '^a', options: 'i' } },
  { $regex: '^a', $options: 'i' },
  { $binary: { base64: 'AA==', subType: '00' } },
  { $binary: 'AA==', $type: '00' },
  { $ref: 'artists', $id: { $oid: '64b000000000000000000003' } },
  { $timestamp: { t: 1, i: 2 } },
  { $minKey: 1 },
  { $maxKey: 1 },
  { $code: 'f()' },
  { $code: 'f()', $scope: {} },
  { $symbol: 'a' },
  { $dbPointer: { $ref: 'artists', $id: { $oid: '64b000000000000000000003' } } },
  { $date: { $numberLong: '9223372036854775807' } },
]

test('mongoimport takes events whatever is in fields that no rule reads, and mongoexport writes what was kept of them', async t => {
  const place = await Place.make(t)
  const events = UNREAD.map((value, i) => ({
    ...PLAY,
    _id: { $uuid: `0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c${10 + i}` },
    other: value,
    metadata: { artistId: '4', other: value, deep: [{ other: value }], items: [{ artistId: '4', other: value }] },
  }))
  await place.write('events.json', JSON.stringify(events))
  const all = UNREAD.length
  for (const counts of [`${all} events imported, 0 there already`, `0 events imported, ${all} there already`]) {
    const { code, stdout, stderr } = await place.run('mongoimport', 'a', '--strict')
    assert.equal(code, 0, stderr)
    assert.ok(stdout.startsWith(counts), stdout)
    await place.run('mongoexport', 'a')
  }
  assert.equal((await place.kpis('a', '4')).plays, all)
})

test('a damaged artist_kpis file blocks no import: it is compared as far as it can be read', async t => {
  const cases: [string, RegExp][] = [
    [
      `[{"artistId":"4","plays":1,"revenue":${JSON.stringify(NAN)}}]`,
      /^artist 4 revenue: the file says NaN, the events give 0$/m,
    ],
    ['[{"artistId":"4","plays":true}]', /^artist 4 plays: the file says true, the events give 1$/m],
    ['[{"artistId":"4","plays":[1]}]', /^artist 4 plays: the file says \[1\], the events give 1$/m],
    ['[{"artistId":"4","plays":"many"}]', /^artist 4 plays: the file says many, the events give 1$/m],
    [
      '[{"artistId":["4"],"plays":1}]',
      /artist_kpis\.json, line 1, document 1: artistId must be a string or an integer$/m,
    ],
    ['', /artist_kpis\.json, line 1: is empty$/m],
    ['[{"artistId":"4","plays":1},\n{"artistId":', /artist_kpis\.json, line 2, document 2: ends inside the document/],
    ['[{"artistId":"4","plays":NaN}]', /artist_kpis\.json, line 1, document 1: is not JSON/],
  ]
  const place = await Place.make(t)
  for (const [i, [file, remark]] of cases.entries()) {
    await place.write('events.json', JSON.stringify([{ ...PLAY, _id: 'k' }]))
    await place.write('artist_kpis.json', file)
    const { code, stdout, stderr } = await place.run('mongoimport', 'a')
    assert.equal(code, 0, stderr)
    assert.match(stdout, i === 0 ? /^1 events imported/ : /^0 events imported, 1 there already/)
    assert.match(stderr, remark)
  }
})

test('mongoimport leaves out documents that are no bindings, and takes the others', async t => {
  const place = await Place.make(t)
  const value = { kind: 'artist', at: 5, name: 'Ana', genre: null }
  await place.write('events.json', JSON.stringify([{ ...PLAY, _id: 'k' }]))
  const bindings = [
    { id: 'artist:4', group: 'artist', value: { ...value, at: NAN } },
    { id: 'artist:5', group: 'artist', value },
  ]
  await place.write('bindings.json', JSON.stringify(bindings))
  const { code, stdout, stderr } = await place.run('mongoimport', 'a')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^1 bindings read, 1 of them new\n1 bindings left out$/m)
  assert.match(stderr, /bindings\.json, line 1, document 1: value\.at must be a number/)
})

test('mongoimport keeps at most DEAD_LETTER_MAX dead letters, and says how many older ones it removed', async t => {
  const place = await Place.make(t)
  const wrong = Array.from({ length: 5 }, (_, i) => ({ ...PLAY, _id: `w${i}`, entityId: null }))
  await place.write('events.json', JSON.stringify(wrong))
  const settings = { ...place.settings('a'), DEAD_LETTER_MAX: '3' }
  const { stdout } = await runCliWith(settings, 'mongoimport', place.dump, '--config', place.config)
  assert.match(
    stdout,
    /^5 events kept as dead letters: required 5; 2 older ones left, for there are at most DEAD_LETTER_MAX$/m,
  )
})

test('mongoimport keeps the beginning of a document that is too large to be an event', async t => {
  const place = await Place.make(t)
  const large = { ...PLAY, _id: 'large', metadata: { text: 'x'.repeat(2 ** 20) } }
  await place.write('events.json', JSON.stringify([large, { ...PLAY, _id: 'k' }]))
  const { code, stdout } = await place.run('mongoimport', 'a')
  assert.equal(code, 1)
  assert.match(stdout, /^1 events imported.*^1 events kept as dead letters: too_large 1$/ms)
  const { storage, close } = await place.open('a')
  const letter = await storage.documents.get('dead_letters', 'large')
  await close()
  assert.ok(letter && letter.value.length < 2_000)
})
