import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { type ArtistEventsQuestion, artistEvents } from './artist-events.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')

const play = (at: string, more: Told = {}): Told => ({
  at,
  userId: 'u1',
  metadata: { artistId: '4', albumId: 'a1' },
  ...more,
})

const page = (told: readonly Told[], question: Partial<ArtistEventsQuestion> = {}) =>
  answerOf(told, (reads, log) =>
    artistEvents({ reads, log }, { artistId: '4', limit: 100, ...question }, { secret: 'a secret', now: NOW }),
  )

test('a row says what an event adds, and whose it is by a pseudonym', async () => {
  const { items, nextCursor, period } = await page([play('2026-11-24T10:00:00Z')], { tz: 'Europe/Madrid' })
  assert.equal(nextCursor, null)
  assert.equal(period, null)
  const [{ release, listener, ...row }] = items as [(typeof items)[0]]
  assert.deepEqual(row, {
    seq: 1,
    at: '2026-11-24T11:00:00.000+01:00',
    eventType: 'track.played',
    measure: 'plays',
    counts: 1,
    amount: null,
    currency: null,
  })
  assert.deepEqual([release?.type, release?.key, release?.albumId], ['track', 'a1_1', 'a1'])
  assert.match(listener as string, /^listener-\w{10}$/)
})

test('rows are sorted by the time of events, then by their arrival', async () => {
  const told = ['10:01', '10:00', '10:01'].map(time => play(`2026-11-24T${time}:00Z`))
  const { items } = await page(told)
  assert.deepEqual(
    items.map(({ seq }) => seq),
    [3, 1, 2],
  )
})

test('skips and events of other artists are no rows', async () => {
  const told = [
    play('2026-11-24T10:00:00Z', { skipped: true }),
    play('2026-11-24T10:00:00Z', { metadata: { artistId: '5' } }),
  ]
  assert.deepEqual((await page(told)).items, [])
})

test('anonymous events have no listener, and opposites take back', async () => {
  const told: Told[] = [
    { eventType: 'artist.followed', entityType: 'artist', entityId: '4', userId: 'u1' },
    { eventType: 'artist.unfollowed', entityType: 'artist', entityId: '4', userId: 'u1' },
    { eventType: 'artist.followed', entityType: 'artist', entityId: '4', anonymous: true, userId: 'u1' },
    { eventType: 'artist.followed', entityType: 'artist', entityId: '4', userId: 'anonymous' },
  ]
  const { items } = await page(told)
  assert.deepEqual(
    items.map(({ eventType, counts, listener, release }) => [eventType, counts, listener !== null, release]),
    [
      ['artist.followed', 1, false, null],
      ['artist.followed', 1, false, null],
      ['artist.unfollowed', -1, true, null],
      ['artist.followed', 1, true, null],
    ],
  )
  assert.equal(items[2]?.listener, items[3]?.listener)
})

test('each line of an order is a row with its amount, a partial refund takes back money alone', async () => {
  const items = [
    { artistId: '4', price: '9.99', currency: 'EUR', quantity: 2 },
    { artistId: '4', price: '500', currency: 'JPY' },
    { artistId: '5', price: '1', currency: 'EUR' },
  ]
  const order: Told = { eventType: 'order.paid', entityType: 'order', entityId: 'o1', metadata: { items } }
  const refund: Told = {
    ...order,
    eventType: 'order.refunded',
    metadata: { items: [{ artistId: '4', price: '0.99', currency: 'EUR', partial: true }] },
  }
  const rows = (await page([order, refund])).items.map(({ seq, eventType, counts, amount, currency }) =>
    [seq, eventType, counts, amount, currency].join(' '),
  )
  assert.equal(rows[0], '2 order.refunded 0 -0.99 EUR')
  assert.deepEqual(rows.slice(1).sort(), ['1 order.paid 1 19.98 EUR', '1 order.paid 1 500 JPY'])
})

test('pages end within an event of many lines, and the next one goes on there', async () => {
  const items = Array.from({ length: 7 }, (_, i) => ({ artistId: '4', price: String(i + 1), currency: 'EUR' }))
  const order: Told = { eventType: 'order.paid', entityType: 'order', entityId: 'o1', metadata: { items } }
  const told = [play('2026-11-24T10:00:00Z'), order, play('2026-11-24T10:00:01Z')]
  const rows: string[] = []
  let cursor: string | null | undefined
  do {
    const found = await page(told, { limit: 2, ...(cursor && { cursor }) })
    rows.push(...found.items.map(({ seq, amount }) => `${seq} ${amount}`))
    cursor = found.nextCursor
  } while (cursor !== null)
  assert.equal(rows[0], '3 null')
  assert.deepEqual(rows.slice(1, 8).sort(), ['2 1', '2 2', '2 3', '2 4', '2 5', '2 6', '2 7'])
  assert.deepEqual(rows.slice(8), ['1 null'])
})

test('a page goes as far back as it must, and contains what is dated after now', async () => {
  const times = ['2026-11-26T00:00:00Z', '2026-11-24T10:00:00Z', '2026-11-10T00:00:00Z', '2001-01-01T00:00:00Z']
  const { items } = await page(times.map(at => play(at)))
  assert.deepEqual(
    items.map(({ at }) => at.slice(0, 10)),
    times.map(at => at.slice(0, 10)),
  )
  const range = { startDate: '2026-11-10', endDate: '2026-11-24' }
  assert.equal(
    (
      await page(
        times.map(at => play(at)),
        range,
      )
    ).items.length,
    2,
  )
})

test('measure, track and album choose rows; what nothing names has none', async () => {
  const told = [
    play('2026-11-24T10:00:00Z'),
    play('2026-11-24T10:00:00Z', { entityId: '2' }),
    play('2026-11-24T10:00:00Z', { eventType: 'track.liked', metadata: { artistId: '4', albumId: 'a2' } }),
  ]
  const seqs = async (question: Partial<ArtistEventsQuestion>) =>
    (await page(told, question)).items.map(({ seq }) => seq)
  assert.deepEqual(await seqs({ measure: 'likes' }), [3])
  assert.deepEqual(await seqs({ trackKey: 'a1_2' }), [2])
  assert.deepEqual(await seqs({ albumId: 'a1' }), [2, 1])
  assert.deepEqual(await seqs({ albumId: 'a1', measure: 'likes' }), [])
  assert.deepEqual(await seqs({ trackKey: 'nothing' }), [])
  assert.deepEqual(await seqs({ artistId: 'nobody' }), [])
})

test('a listener has one pseudonym under all ids of an artist, and another for another artist', async () => {
  const both = (at: string, metadata: NonNullable<Told['metadata']>): Told => ({ at, userId: 'u1', metadata })
  const told = [
    both('2026-11-24T10:00:00Z', { artistId: '4', artist: 'Ana' }),
    both('2026-11-24T10:00:01Z', { artist: 'ANA' }),
    both('2026-11-24T10:00:02Z', { artistId: '5' }),
  ]
  const of = async (artistId: string) => (await page(told, { artistId })).items.map(({ listener }) => listener)
  const [first, ...others] = await of('4')
  assert.deepEqual(others, [first])
  assert.notEqual((await of('5'))[0], first)
})

test('a cursor of another list is refused', async () => {
  for (const cursor of ['!', '1.2', '1.2.x', '1.2.3.4']) {
    await assert.rejects(page([], { cursor }), { status: 400, code: 'cursor_invalid' })
  }
})

test('a range contains its last millisecond, and not the next one', async () => {
  const told = ['09:59:59.999', '10:00:00.000', '10:00:00.001', '10:00:00.002'].map(time => play(`2026-11-24T${time}Z`))
  const range = { startDate: '2026-11-24T10:00:00Z', endDate: '2026-11-24T10:00:00.001Z' }
  assert.deepEqual(
    (await page(told, range)).items.map(({ seq }) => seq),
    [3, 2],
  )
})

test('lines of a refund that differ only in being partial are each on one page', async () => {
  const line = (partial: boolean) => ({ artistId: '4', price: '1', currency: 'EUR', ...(partial && { partial }) })
  const items = Array.from({ length: 8 }, (_, i) => line(i % 3 === 0))
  const told: Told[] = [{ eventType: 'order.refunded', entityType: 'order', entityId: 'o1', metadata: { items } }]
  const counts: number[] = []
  let cursor: string | null | undefined
  do {
    const found = await page(told, { limit: 1, ...(cursor && { cursor }) })
    counts.push(...found.items.map(row => row.counts))
    cursor = found.nextCursor
  } while (cursor !== null)
  assert.deepEqual(counts, [-1, -1, -1, -1, -1, 0, 0, 0])
})
