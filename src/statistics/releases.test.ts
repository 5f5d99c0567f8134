import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../test/support/query-store.ts'
import type { AlbumRecord } from '../catalogue/catalogue-record.ts'
import { UNKNOWN_ALBUM } from '../catalogue/catalogue-record.ts'
import { ServiceError } from '../errors.ts'
import type { IngestedEvent } from '../events/event.ts'
import { type Releases, type ReleasesQuestion, releases } from './releases.ts'

const NOW = Date.parse('2026-03-20T12:00:00Z')

const plays = (albumId: string, ...instants: string[]): IngestedEvent[] =>
  instants.map((at, i) => ({
    event: {
      eventId: `${albumId} ${i}`,
      eventType: 'track.played',
      entityType: 'track',
      entityId: '1',
      timestamp: Date.parse(at),
      metadata: { albumId },
    },
    decision: { currency: 'EUR' },
  }))

type Catalogued = Record<string, Partial<AlbumRecord>>

/** Albums of artist 4, unless the catalogue is said to say otherwise. */
async function ask(
  events: IngestedEvent[],
  albums: Catalogued,
  question: Partial<ReleasesQuestion> = {},
): Promise<Releases> {
  const records = new Map(
    Object.entries(albums).map(([id, said]) => [`album:${id}`, { ...UNKNOWN_ALBUM, artistId: '4', ...said }]),
  )
  let answer: Releases | undefined
  await withEvents(
    events,
    1,
    async figures => {
      const asked = { artistId: '4', limit: 20, days: 90, ...question }
      answer = await figures.ask(reads => releases(reads, asked, NOW))
    },
    records,
  )
  return answer!
}

const dated = ({ items }: Releases) =>
  items.map(({ id, releaseDate, releaseDateFrom, releaseYear }) => [id, releaseDate, releaseDateFrom, releaseYear])

test('albums have the day of the catalogue, or that of their first play, and the newest come first', async () => {
  const events = [...plays('played', '2026-02-01T10:00:00Z'), ...plays('dated', '2026-03-01T10:00:00Z')]
  const albums = { dated: { releaseDate: '2026-03-03' }, played: {}, silent: {}, year: { releaseYear: 2025 } }
  assert.deepEqual(dated(await ask(events, albums)), [
    ['dated', '2026-03-03', 'catalogue', 2026],
    ['played', '2026-02-01', 'firstPlay', null],
    ['silent', null, null, null],
    ['year', null, null, 2025],
  ])
})

test('where the catalogue has a year alone, the first play of that year or later stands in for the day', async () => {
  const events = plays('a', '2024-12-31T22:59:59.999Z', '2024-12-31T23:00:00Z', '2025-06-01T00:00:00Z')
  assert.deepEqual(dated(await ask(events, { a: { releaseYear: 2025 } })), [['a', '2025-06-01', 'firstPlay', 2025]])
  const inMadrid = await ask(events, { a: { releaseYear: 2025 } }, { tz: 'Europe/Madrid' })
  assert.deepEqual(dated(inMadrid), [['a', '2025-01-01', 'firstPlay', 2025]])
})

test('the first days begin with the release day in the zone of the question, and say whether they are over', async () => {
  const release = '2026-02-28T23:00:00Z'
  const after = (days: number, ms = 0) => new Date(Date.parse(release) + days * 86_400_000 + ms).toISOString()
  const events = plays('a', after(0, -1), after(0), after(1, -1), after(1), after(7, -1), after(7), after(19))
  const { items } = await ask(events, { a: { releaseDate: '2026-03-01' } }, { tz: 'Europe/Madrid' })
  assert.deepEqual(items[0]?.firstDays, [
    { days: 1, plays: 2, isOver: true },
    { days: 7, plays: 4, isOver: true },
    { days: 28, plays: 6, isOver: false },
  ])
  assert.equal(items[0]?.plays, 7)
})

test('aligned series have the days since the release that have begun, each with the plays until then', async () => {
  const events = [
    ...plays('old', '2026-03-01T10:00:00Z', '2026-03-03T10:00:00Z', '2026-03-04T00:00:00Z'),
    ...plays('new', '2026-03-19T10:00:00Z'),
  ]
  const albums = { old: {}, new: {}, later: { releaseDate: '2026-04-01' }, silent: {} }
  const { items } = await ask(events, albums, { align: 'release', days: 3 })
  const of = Object.fromEntries(items.map(({ id, series }) => [id, series!.map(point => Object.values(point))]))
  const day = (n: number) => `2026-03-0${n}T00:00:00.000Z`
  assert.deepEqual(of.old, [
    [1, day(1), day(2), 1, 1],
    [2, day(2), day(3), 0, 1],
    [3, day(3), day(4), 1, 2],
  ])
  assert.deepEqual([of.new?.length, of.later, of.silent], [2, [], []])
})

test('without align, series and plays are those of the range', async () => {
  const events = plays('a', '2026-03-01T10:00:00Z', '2026-03-02T10:00:00Z', '2026-03-04T10:00:00Z')
  const range = { startDate: '2026-03-02', endDate: '2026-03-03', interval: 'day' }
  const { items, period } = await ask(events, { a: {} }, range)
  assert.deepEqual([items[0]?.plays, items[0]?.series?.map(point => point.plays)], [1, [1, 0]])
  assert.equal(period, '2026-03-02T00:00:00.000Z/2026-03-04T00:00:00.000Z')
})

test('a cursor leads to the releases after the last one, also to those without a date', async () => {
  const albums = { a: { releaseDate: '2026-03-01' }, b: { releaseDate: '2026-03-01' }, c: {}, d: {} }
  const ids: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await ask([], albums, { limit: 1, cursor: cursor ?? undefined })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  assert.deepEqual(ids, ['a', 'b', 'c', 'd'])
})

test('albums of others are left out, and a date that is none is no date', async () => {
  const albums = { mine: { releaseDate: '2026-02-30' }, theirs: { artistId: '9' } }
  assert.deepEqual(dated(await ask(plays('theirs', '2026-03-01T10:00:00Z'), albums)), [['mine', null, null, 2026]])
})

test('aligned series by hours, and too many points, are refused', async () => {
  const refused = (code: string) => (error: ServiceError) => error instanceof ServiceError && error.code === code
  await assert.rejects(ask([], {}, { align: 'release', interval: 'hour' }), refused('align_needs_days'))
  await assert.rejects(ask([], {}, { align: 'release', days: 101, limit: 100 }), refused('too_many_points'))
})
