import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { naiveSkip } from '../../test/support/naive-rules.ts'
import { fromLogEntry, type StatsEvent, toLogEntry } from './event.ts'
import { parseJson } from './exact-json.ts'
import { type ValidationContext, validateEvent } from './validate.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const CONTEXT: ValidationContext = {
  now: NOW,
  defaultCurrency: 'EUR',
  playMinSeconds: 30,
  newId: () => 'new-id',
}

type Fields = Record<string, unknown>

const PLAY = { eventType: 'track.played', timestamp: '2026-11-24T10:00:00Z', entityId: '1', entityType: 'track' }
const play = (more: Fields = {}): Fields => ({ ...PLAY, ...more })
const withMetadata = (metadata: unknown) => play({ metadata })
const withItem = (item: unknown, more: Fields = {}) => withMetadata({ items: [item], ...more })

const order = (items: unknown, more: Fields = {}) => ({
  ...withMetadata({ items, ...more }),
  eventType: 'order.paid',
})

function accepted(raw: unknown, context: Partial<ValidationContext> = {}) {
  const result = validateEvent(raw, { ...CONTEXT, ...context })
  assert.ok(result.ok, JSON.stringify(result))
  return { event: result.event, decision: result.decision }
}

const event = (raw: unknown): StatsEvent => accepted(raw).event

function faultsOf(raw: unknown, context: Partial<ValidationContext> = {}): string[] {
  const result = validateEvent(raw, { ...CONTEXT, ...context })
  return result.ok ? [] : result.faults.map(({ path, code }) => `${path} ${code}`)
}

/** An object of `levels` objects in each other. */
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) })

test('normalises what the front end sends', () => {
  const raw = play({ userId: null, metadata: { albumId: 'a1', artist: 'DJ Beats', price: 9.5, currency: 'eur' } })
  assert.deepEqual(event(raw), {
    eventId: 'new-id',
    eventType: 'track.played',
    timestamp: Date.UTC(2026, 10, 24, 10),
    entityId: '1',
    entityType: 'track',
    metadata: { albumId: 'a1', artist: 'DJ Beats', price: '9.5', currency: 'EUR' },
  })
})

test('takes whole numbers of any length as ids, and keeps all of their digits in unknown fields', () => {
  const raw = parseJson(`{"eventId": 9007199254740993, "eventType": "order.paid", "timestamp": "2026-11-24T10:00:00Z",
    "entityId": -12345678901234567890, "userId": 9007199254740992, "metadata": {"artistIds": [9007199254740993],
    "items": [{"albumId": 9007199254740993, "sku": 9007199254740993}], "playId": 9007199254740993,
    "nested": {"of": [9007199254740995, 1]}}}`)
  const { content, id } = toLogEntry(accepted(raw))
  assert.equal(id, '9007199254740993')
  assert.equal(
    content,
    '["order.paid","-12345678901234567890",null,"9007199254740992",0,{"artistIds":["9007199254740993"],' +
      '"items":[{"albumId":"9007199254740993","sku":9007199254740993}],"nested":{"of":[9007199254740995,1]},' +
      '"playId":9007199254740993}]',
  )
  const entry = { ...toLogEntry(accepted(raw)), seq: 1 }
  assert.equal(toLogEntry(fromLogEntry(entry)).content, content)
})

test('takes null, and an empty id or name, as absent', () => {
  const names = {
    albumId: '',
    artistId: null,
    artistIds: [null, ''],
    artist: '',
    artistName: null,
    title: '',
    genre: null,
  }
  const rest = { price: null, currency: null, durationMs: null, playedMs: null, items: null }
  const absent = { eventId: null, entityType: null, userId: '', anonymous: null, metadata: { ...names, ...rest } }
  assert.deepEqual(event(play(absent)), event({ ...PLAY, entityType: undefined }))
  assert.deepEqual(event(withMetadata({})), event(PLAY))
  assert.deepEqual(event(withItem({ ...names, price: null, currency: null, quantity: null })).metadata, { items: [{}] })
})

test('drops the userId null, empty or anonymous, and keeps whether the event is anonymous', () => {
  for (const userId of [null, '', 'anonymous']) assert.equal(event(play({ userId })).userId, undefined)
  assert.equal(event(play({ userId: 'u1', anonymous: false })).anonymous, undefined)
  assert.equal(event(play({ userId: 'u1', anonymous: true })).anonymous, true)
})

test('keeps ids such as undefined as they were sent, so that events stored by earlier versions stay duplicates', () => {
  const content = (more: Fields) => toLogEntry(accepted(play(more))).content
  assert.equal(content({ userId: 'undefined' }), '["track.played","1","track","undefined",0]')
  assert.equal(content({ userId: ' Anonymous' }), '["track.played","1","track"," Anonymous",0]')
  assert.equal(content({ userId: 'anonymous' }), '["track.played","1","track",null,0]')
  assert.equal(
    content({ entityType: 'null', metadata: { albumId: 'NaN', artistIds: ['undefined'], genre: 'null' } }),
    '["track.played","1","null",null,0,{"albumId":"NaN","artistIds":["undefined"],"genre":"null"}]',
  )
})

test('takes id and name of an artist that is an object, as the catalogue fills it in', () => {
  const artist = { _id: 'abc', id: 4, name: 'Ana', genre: 'Rock', albums: [{ $odd: 1 }] }
  const cases: [Fields, Fields][] = [
    [{ artist }, { artistId: '4', artist: 'Ana' }],
    [{ artistId: artist }, { artistId: '4', artist: 'Ana' }],
    [{ artist: { _id: 'abc', name: 'Ana' } }, { artistId: 'abc', artist: 'Ana' }],
    [{ artist: { id: null, _id: 7, name: null } }, { artistId: '7' }],
    [{ artist: { id: 0 } }, { artistId: '0' }],
    [{ artist: { name: 'Ana' } }, { artist: 'Ana' }],
    [
      { artist, artistId: '9' },
      { artistId: '9', artist: 'Ana' },
    ],
    [
      { artist, artistId: 0 },
      { artistId: '0', artist: 'Ana' },
    ],
    [
      { artist, artistId: null },
      { artistId: '4', artist: 'Ana' },
    ],
    [
      { artist: 'Ana', artistId: { id: 9, name: 'Bea' } },
      { artistId: '9', artist: 'Ana' },
    ],
    [
      { artist, artistId: { id: 9, name: 'Bea' } },
      { artistId: '9', artist: 'Ana' },
    ],
    [
      { artist, artistId: { name: 'Bea' } },
      { artistId: '4', artist: 'Ana' },
    ],
    [{ artistIds: [artist, '9', { _id: 'x' }] }, { artistIds: ['4', '9', 'x'] }],
  ]
  for (const [sent, expected] of cases) {
    assert.deepEqual(event(withMetadata(sent)).metadata, expected, JSON.stringify(sent))
    assert.deepEqual(event(withItem(sent)).metadata, { items: [expected] }, JSON.stringify(sent))
  }
})

test('gives the same content whatever else an artist object holds', () => {
  const content = (artist: Fields) => toLogEntry(accepted(withMetadata({ artist, title: 'Song' }))).content
  assert.equal(content({ id: 4, name: 'Ana' }), content({ name: 'Ana', id: '4', _id: 'abc', profileImage: null }))
  assert.equal(
    content({ id: 4, name: 'Ana' }),
    toLogEntry(accepted(withMetadata({ artistId: 4, artist: 'Ana', title: 'Song' }))).content,
  )
})

test('checks partial in a refund, and keeps it as an unknown field elsewhere', () => {
  const refund = (metadata: Fields) => play({ eventType: 'order.refunded', metadata })
  assert.deepEqual(event(refund({ partial: true, items: [{ partial: false }] })).metadata, {
    partial: true,
    items: [{ partial: false }],
  })
  assert.equal(event(refund({ partial: null })).metadata, undefined)
  assert.deepEqual(faultsOf(refund({ partial: 'yes', items: [{ partial: 1 }] })), [
    'metadata.partial wrong_type',
    'metadata.items.0.partial wrong_type',
  ])
  assert.deepEqual(event(withMetadata({ partial: 0.5 })).metadata, { partial: 0.5 })
  assert.deepEqual(faultsOf(withMetadata({ partial: { $gt: 1 } })), ['metadata.partial.$gt key_forbidden'])
})

const feedback = (metadata: unknown, more: Fields = {}) => ({
  ...PLAY,
  eventType: 'recommendation.shown',
  entityType: 'album',
  metadata,
  ...more,
})

test('takes feedback about a track, an album or an artist with the id of its recommendation', () => {
  for (const entityType of ['track', 'album', 'artist']) {
    const metadata = { recommendationId: '01a210ab-ee1c-7ac9-8a39-da2f0bb5e2b5.model' }
    assert.deepEqual(event(feedback(metadata, { entityType })).metadata, metadata)
  }
  assert.deepEqual(event(feedback({ recommendationId: 'made up', position: 3 })).metadata, {
    recommendationId: 'made up',
    position: 3,
  })
})

test('refuses feedback without the id of its recommendation, or about something else than a track, album or artist', () => {
  for (const metadata of [undefined, null, {}, { recommendationId: null }, { recommendationId: '' }]) {
    assert.deepEqual(faultsOf(feedback(metadata)), ['metadata.recommendationId required'])
  }
  assert.deepEqual(faultsOf(feedback({ recommendationId: 5 })), ['metadata.recommendationId wrong_type'])
  assert.deepEqual(faultsOf(feedback({ recommendationId: LONG_ID })), ['metadata.recommendationId too_long'])
  const metadata = { recommendationId: 'x.model' }
  assert.deepEqual(faultsOf(feedback(metadata, { entityType: null })), ['entityType required'])
  assert.deepEqual(faultsOf(feedback(metadata, { entityType: 'order' })), ['entityType entity_type_unknown'])
  assert.deepEqual(faultsOf(feedback(metadata, { entityType: 1 })), ['entityType wrong_type'])
  assert.deepEqual(faultsOf({ ...feedback(null), eventType: 'track.played' }), [])
})

test('takes integers as ids', () => {
  const ids = { albumId: 7, artistId: -1, artistIds: [1, '2'], items: [{ albumId: 3, artistIds: [4] }] }
  const { eventId, entityId, userId, metadata } = event(play({ eventId: 5, entityId: 17, userId: 42, metadata: ids }))
  assert.deepEqual([eventId, entityId, userId], ['5', '17', '42'])
  assert.deepEqual(metadata, {
    albumId: '7',
    artistId: '-1',
    artistIds: ['1', '2'],
    items: [{ albumId: '3', artistIds: ['4'] }],
  })
})

test('keeps unknown fields of metadata and items, and ignores those beside them', () => {
  const metadata = { itemsCount: 2, deep: { list: [1, null, { x: 'ü' }] }, gone: null, items: [{ size: 'L' }] }
  assert.deepEqual(event(play({ metadata, extra: { $where: 1 } })), { ...event(PLAY), metadata })
})

test('takes the id of the body, else that of the header, else a new one', () => {
  const cases: [unknown, string | undefined, string][] = [
    ['b', undefined, 'b'],
    [undefined, 'h', 'h'],
    ['x', 'x', 'x'],
    [7, '7', '7'],
    [null, '', 'new-id'],
  ]
  for (const [eventId, id, expected] of cases) {
    assert.equal(accepted(play({ eventId }), id === undefined ? {} : { id }).event.eventId, expected)
  }
})

test('gives a refused event its own id where that is usable', () => {
  const idOf = (raw: unknown, id?: string) => {
    const result = validateEvent(raw, { ...CONTEXT, ...(id === undefined ? {} : { id }) })
    return result.ok ? 'accepted' : result.id
  }
  assert.equal(idOf({ eventId: 'mine' }), 'mine')
  assert.equal(idOf({}, 'header'), 'header')
  assert.equal(idOf([], 'header'), 'header')
  assert.equal(idOf([], 'h'.repeat(257)), 'new-id')
  assert.equal(idOf({ eventId: 'a\0' }), 'new-id')
  assert.equal(idOf(play({ eventId: 'body' }), 'header'), 'body')
})

test('decides that a short play is a skip', () => {
  const skipped = (durationMs: unknown, playedMs: unknown, eventType = 'track.played', playMinSeconds = 30) =>
    accepted(play({ eventType, metadata: { durationMs, playedMs } }), { playMinSeconds }).decision.skipped ?? false
  assert.equal(skipped(200_000, 29_999), true)
  assert.equal(skipped(200_000, 30_000), false)
  assert.equal(skipped(40_000, 20_000), false)
  assert.equal(skipped(40_000, 19_999), true)
  assert.equal(skipped(0, 29_999), true)
  assert.equal(skipped(0, 30_000), false)
  assert.equal(skipped(0, 2000, 'track.played', 2), false)
  assert.equal(skipped(null, 1), false)
  assert.equal(skipped(200_000, undefined), false)
  assert.equal(skipped(200_000, 1, 'track.liked'), false)
})

test('decides that a play of no time is a skip, whatever its length and the settings', () => {
  for (const durationMs of [200_000, 0, null, undefined]) {
    const { decision } = accepted(withMetadata({ durationMs, playedMs: 0 }), { playMinSeconds: 0 })
    assert.equal(decision.skipped, true, String(durationMs))
  }
  assert.deepEqual(accepted(play({ eventType: 'track.liked', metadata: { playedMs: 0 } })).decision, {})
})

test('decides on skips as the plain rule does', () => {
  const durations = { playedMs: milliseconds, durationMs: milliseconds }
  fc.assert(
    fc.property(fc.record(durations, { requiredKeys: [] }), metadata => {
      assert.equal(accepted(withMetadata(metadata)).decision.skipped ?? false, naiveSkip(metadata))
    }),
  )
})

const milliseconds = fc.oneof(fc.constantFrom(0, 1, 29_999, 30_000, 59_999, 60_000), fc.nat(100_000))

test('keeps the default currency with an event only where a price names none', () => {
  const currency = (metadata: Fields) => accepted(withMetadata(metadata), { defaultCurrency: 'USD' }).decision.currency
  assert.equal(currency({ price: 1 }), 'USD')
  assert.equal(currency({ price: 1, currency: 'EUR' }), undefined)
  assert.equal(currency({ artist: 'x' }), undefined)
  assert.equal(currency({ items: [{ price: 1 }] }), 'USD')
  assert.equal(currency({ items: [{ price: 1 }], currency: 'EUR' }), undefined)
  assert.equal(currency({ items: [{ price: 1, currency: 'EUR' }] }), undefined)
  assert.deepEqual(faultsOf(withMetadata({ price: 1.5 }), { defaultCurrency: 'JPY' }), [
    'metadata.price price_too_precise',
  ])
})

const LONG_ID = 'x'.repeat(257)
const LONG_TEXT = 'x'.repeat(1001)

/** Each broken rule as `path code`. */
const REFUSED: [unknown, ...string[]][] = [
  [null, ' not_an_object'],
  [[PLAY], ' not_an_object'],
  ['{}', ' not_an_object'],
  [{}, 'eventType required', 'timestamp required', 'entityId required'],
  [play({ eventType: 1 }), 'eventType wrong_type'],
  [play({ eventType: 'Track.Played' }), 'eventType unknown_event_type'],
  [play({ eventType: 'toString' }), 'eventType unknown_event_type'],
  [play({ timestamp: true }), 'timestamp wrong_type'],
  [play({ timestamp: '2026-02-30T00:00:00Z' }), 'timestamp timestamp_invalid'],
  [play({ timestamp: NOW + 86_400_001 }), 'timestamp timestamp_in_future'],
  [play({ entityId: '' }), 'entityId required'],
  [play({ entityId: {} }), 'entityId wrong_type'],
  [play({ entityId: 1.5 }), 'entityId number_invalid'],
  [play({ entityId: 2 ** 53 }), 'entityId number_invalid'],
  [play({ entityId: LONG_ID }), 'entityId too_long'],
  [play({ entityId: 'a\0' }), 'entityId text_invalid'],
  [play({ eventId: '' }), 'eventId required'],
  [play({ eventId: LONG_ID }), 'eventId too_long'],
  [play({ eventId: ['a'] }), 'eventId wrong_type'],
  [play({ entityType: 1 }), 'entityType wrong_type'],
  [play({ entityType: LONG_ID }), 'entityType too_long'],
  [play({ userId: false }), 'userId wrong_type'],
  [play({ userId: LONG_ID }), 'userId too_long'],
  [play({ userId: '\ud800' }), 'userId text_invalid'],
  [play({ anonymous: 'yes' }), 'anonymous wrong_type'],
  [play({ metadata: [] }), 'metadata wrong_type'],
  [play({ metadata: 'x' }), 'metadata wrong_type'],
  [play({ $set: 1 }), '$set key_forbidden'],
  [JSON.parse(JSON.stringify(PLAY).replace('{', '{"__proto__":{"a":1},')), '__proto__ key_forbidden'],
  [withMetadata({ albumId: LONG_ID }), 'metadata.albumId too_long'],
  [withMetadata({ artistId: 1e300 }), 'metadata.artistId number_invalid'],
  [withMetadata({ artistIds: 'a' }), 'metadata.artistIds wrong_type'],
  [
    withMetadata({ artistIds: ['a', {}, 0.5] }),
    'metadata.artistIds.1 wrong_type',
    'metadata.artistIds.2 number_invalid',
  ],
  [withMetadata({ artistIds: Array(101).fill('a') }), 'metadata.artistIds too_many'],
  [withMetadata({ artist: 5 }), 'metadata.artist wrong_type'],
  [withMetadata({ artist: {} }), 'metadata.artist wrong_type'],
  [withMetadata({ artist: ['Ana'] }), 'metadata.artist wrong_type'],
  [withMetadata({ artistId: { id: '', _id: null, name: '' } }), 'metadata.artistId wrong_type'],
  [withMetadata({ artist: { id: {} } }), 'metadata.artist.id wrong_type'],
  [withMetadata({ artist: { _id: { $oid: 'abc' } } }), 'metadata.artist._id wrong_type'],
  [withMetadata({ artist: { id: 4, name: LONG_TEXT } }), 'metadata.artist.name too_long'],
  [withMetadata({ artistIds: [{ name: 'Ana' }] }), 'metadata.artistIds.0 wrong_type'],
  [withItem({ artist: { id: 0.5 } }), 'metadata.items.0.artist.id number_invalid'],
  [withMetadata({ artist: LONG_TEXT }), 'metadata.artist too_long'],
  [withMetadata({ artistName: LONG_TEXT }), 'metadata.artistName too_long'],
  [withMetadata({ genre: LONG_TEXT }), 'metadata.genre too_long'],
  [withMetadata({ title: LONG_TEXT }), 'metadata.title too_long'],
  [withMetadata({ title: 'a\0b' }), 'metadata.title text_invalid'],
  [withMetadata({ note: ['ok', '\udc00'] }), 'metadata.note.1 text_invalid'],
  [withMetadata({ 'a\0': 1 }), 'metadata.a\0 text_invalid'],
  [withMetadata({ price: true }), 'metadata.price wrong_type'],
  [withMetadata({ price: 'free' }), 'metadata.price price_invalid'],
  [withMetadata({ price: -1 }), 'metadata.price price_negative'],
  [withMetadata({ price: '1.001' }), 'metadata.price price_too_precise'],
  [withMetadata({ price: 1e11 }), 'metadata.price price_too_large'],
  [withMetadata({ price: 1.001, currency: 'XYZ' }), 'metadata.currency currency_unknown'],
  [withMetadata({ price: -1, currency: 'XYZ' }), 'metadata.currency currency_unknown', 'metadata.price price_negative'],
  [withMetadata({ currency: 978 }), 'metadata.currency wrong_type'],
  [withMetadata({ currency: '' }), 'metadata.currency currency_unknown'],
  [withMetadata({ durationMs: '1' }), 'metadata.durationMs wrong_type'],
  [withMetadata({ playedMs: -1 }), 'metadata.playedMs number_invalid'],
  [withMetadata({ playedMs: Number.POSITIVE_INFINITY }), 'metadata.playedMs number_invalid'],
  [withMetadata({ playedMs: parseJson('9007199254740993') }), 'metadata.playedMs number_invalid'],
  [withMetadata({ x: parseJson('[1e400]') }), 'metadata.x.0 number_invalid'],
  [withMetadata({ x: parseJson(`-${'1'.repeat(35)}`) }), 'metadata.x number_invalid'],
  [withMetadata({ artist: parseJson('9007199254740993') }), 'metadata.artist wrong_type'],
  [withMetadata({ artistId: parseJson('1e400') }), 'metadata.artistId number_invalid'],
  [withMetadata({ artistId: parseJson('1'.repeat(257)) }), 'metadata.artistId too_long'],
  [withMetadata({ price: parseJson('9007199254740993') }), 'metadata.price price_too_large'],
  [withMetadata({ price: parseJson('-9007199254740993') }), 'metadata.price price_negative'],
  [withMetadata({ price: parseJson('1e400') }), 'metadata.price price_invalid'],
  [withMetadata(parseJson('1e400')), 'metadata wrong_type'],
  [parseJson('9007199254740993'), ' not_an_object'],
  [play({ timestamp: parseJson('9007199254740993') }), 'timestamp timestamp_invalid'],
  [withMetadata({ x: { y: JSON.parse('1e999') } }), 'metadata.x.y number_invalid'],
  [withMetadata({ $gt: 1 }), 'metadata.$gt key_forbidden'],
  [withMetadata({ 'a.b': 1 }), 'metadata.a.b key_forbidden'],
  [withMetadata({ x: [{ constructor: 1 }] }), 'metadata.x.0.constructor key_forbidden'],
  [withMetadata({ prototype: 1 }), 'metadata.prototype key_forbidden'],
  [withMetadata(JSON.parse('{"__proto__":{"price":1}}')), 'metadata.__proto__ key_forbidden'],
  [withItem(JSON.parse('{"__proto__":1}')), 'metadata.items.0.__proto__ key_forbidden'],
  [withMetadata(nested(21)), `metadata${'.a'.repeat(20)} too_deep`],
  [withItem({ a: nested(18) }), `metadata.items.0${'.a'.repeat(18)} too_deep`],
  [withMetadata({ items: {} }), 'metadata.items wrong_type'],
  [withMetadata({ items: Array(201).fill({}) }), 'metadata.items too_many'],
  [order(Array(2).fill({ price: 5e9 + 0.01 })), 'metadata.items price_too_large'],
  [order([{ price: 1e10 }, { price: 0.01, currency: 'EUR' }]), 'metadata.items price_too_large'],
  [withMetadata({ items: [{}, null] }), 'metadata.items.1 wrong_type'],
  [withItem({ price: -1 }), 'metadata.items.0.price price_negative'],
  [withItem({ price: 0.5 }, { currency: 'JPY' }), 'metadata.items.0.price price_too_precise'],
  [withItem({ price: 1, currency: 'XYZ' }), 'metadata.items.0.currency currency_unknown'],
  [withItem({ price: 10_000_000, quantity: 1001 }), 'metadata.items.0.price price_too_large'],
  [withItem({ quantity: 0 }), 'metadata.items.0.quantity number_invalid'],
  [withItem({ quantity: 1.5 }), 'metadata.items.0.quantity number_invalid'],
  [withItem({ quantity: parseJson('9007199254740993') }), 'metadata.items.0.quantity number_invalid'],
  [withItem({ quantity: 1e6 + 1 }), 'metadata.items.0.quantity number_invalid'],
  [withItem({ quantity: '2' }), 'metadata.items.0.quantity wrong_type'],
  [withItem({ artistIds: [{}] }), 'metadata.items.0.artistIds.0 wrong_type'],
]

test('gives each broken rule with its path and code', () => {
  for (const [raw, ...expected] of REFUSED)
    assert.deepEqual(faultsOf(raw), expected, JSON.stringify(raw)?.slice(0, 200))
})

test('accepts values at their limits', () => {
  const names = { albumId: 'x'.repeat(256), artist: 'x'.repeat(1000), artistIds: Array(100).fill('a') }
  const items = Array(200).fill({ price: 50_000, quantity: 1000 })
  accepted(play({ eventId: 'x'.repeat(256), timestamp: NOW + 86_400_000, metadata: { ...names, items } }))
  accepted(order([{ price: 1e10 }, { price: 1e10, currency: 'USD' }]))
  accepted(withMetadata(nested(20)))
  accepted(withMetadata({ x: parseJson(`-${'1'.repeat(34)}`) }))
})

test('refuses ids of header and body that differ, and a header that is no id', () => {
  assert.deepEqual(faultsOf(play({ eventId: 'a' }), { id: 'b' }), ['eventId id_mismatch'])
  assert.deepEqual(faultsOf(PLAY, { id: LONG_ID }), ['Idempotency-Key too_long'])
})

test('gives at most 100 faults', () => {
  const metadata = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`$${i}`, 1]))
  assert.equal(faultsOf(withMetadata(metadata)).length, 100)
})

const clean = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(text => !text.includes('\0'))
const key = clean.filter(text => !/^\$|\.|^(__proto__|constructor|prototype)$/.test(text))
const id = fc.option(fc.oneof(clean, fc.maxSafeInteger()))
const cents = fc.integer({ min: 0, max: 1e6 })
const amount = cents.chain(minor => fc.constantFrom(minor / 100, (minor / 100).toFixed(2), null))
const names = {
  albumId: id,
  artistId: id,
  artistIds: fc.option(fc.array(id, { maxLength: 3 })),
  artist: fc.option(fc.oneof(clean, fc.record({ id: fc.maxSafeInteger(), _id: id, name: fc.option(clean) }))),
}
const money = { price: amount, currency: fc.constantFrom('EUR', 'usd', null) }
const item = fc.record(
  { ...names, ...money, partial: fc.option(fc.boolean()), quantity: fc.option(fc.integer({ min: 1, max: 9 })) },
  { requiredKeys: [] },
)
const known = fc.record(
  { ...names, ...money, playedMs: fc.nat(), durationMs: fc.nat(), items: fc.array(item, { maxLength: 3 }) },
  { requiredKeys: [] },
)
const unknown = fc.dictionary(
  key,
  fc.jsonValue({ maxDepth: 0 }).filter(value => typeof value !== 'string'),
)
const validEvent = fc.record(
  {
    eventType: fc.constantFrom('track.played', 'order.paid', 'order.refunded', 'artist.followed'),
    timestamp: fc.constantFrom('2026-11-24T10:00:00Z', 0, '2020-01-01'),
    entityId: fc.oneof(clean.filter(Boolean), fc.maxSafeInteger()),
    entityType: fc.constantFrom('track', 'artist', null),
    userId: id,
    anonymous: fc.option(fc.boolean()),
    metadata: fc.tuple(unknown, known).map(([more, fields]) => ({ ...more, ...fields })),
  },
  { requiredKeys: ['eventType', 'timestamp', 'entityId'] },
)

test('normalises a normalised event to itself, and the log keeps it unchanged', () => {
  fc.assert(
    fc.property(validEvent, raw => {
      const ingested = accepted(raw)
      assert.deepEqual(
        accepted(JSON.parse(JSON.stringify(ingested.event))).event,
        JSON.parse(JSON.stringify(ingested.event)),
      )
      const entry = toLogEntry(ingested)
      assert.equal(toLogEntry(fromLogEntry({ ...entry, seq: 1 })).content, entry.content)
    }),
  )
})

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, reversed(field)]),
  )
}

test('gives the same content whatever the order of fields', () => {
  fc.assert(
    fc.property(validEvent, raw => {
      assert.equal(toLogEntry(accepted(reversed(raw))).content, toLogEntry(accepted(raw)).content)
    }),
  )
})

test('gives the same content for a price as a number and as a string', () => {
  const content = (price: unknown) => toLogEntry(accepted(withMetadata({ price }))).content
  assert.equal(content(9.99), content('9.99'))
  assert.equal(content(14.270000000000001), content('14.270'))
})

test('never throws, whatever JSON comes', () => {
  const hostile = fc.constantFrom(
    '__proto__',
    'constructor',
    '$a',
    'a.b',
    '',
    '\0',
    '\ud800',
    ...Object.keys(PLAY),
    'eventId',
    'userId',
  )
  const fields = fc.constantFrom('items', 'price', 'currency', 'quantity', 'artistIds', 'albumId', 'metadata', 'title')
  const { tree } = fc.letrec(tie => ({
    leaf: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.double(), hostile, fc.constant(Number.POSITIVE_INFINITY)),
    tree: fc.oneof(
      { maxDepth: 5 },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(fc.oneof(hostile, fields), tie('tree')), { maxLength: 6 }).map(Object.fromEntries),
    ),
  }))
  fc.assert(
    fc.property(tree, fc.boolean(), (value, asMetadata) => {
      const result = validateEvent(asMetadata ? withMetadata(value) : value, CONTEXT)
      if (result.ok) toLogEntry(result)
      else assert.ok(result.faults.length > 0)
    }),
    { numRuns: 2000 },
  )
  for (const depth of [1e5, 1e6])
    validateEvent(JSON.parse('{"metadata":'.repeat(depth) + 1 + '}'.repeat(depth)), CONTEXT)
})
