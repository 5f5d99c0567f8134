/** The counted events of artists: against a plain list of random events, and against the KPIs that they make. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import { ServiceError } from '../../src/errors.ts'
import { type ArtistEventsQuestion, artistEvents, type CountedEvent } from '../../src/statistics/artist-events.ts'
import { artistKpis } from '../../src/statistics/artist-kpis.ts'
import { type Figures, MEASURES } from '../../src/storage/figures.ts'
import type { LogReader } from '../../src/storage/storage.ts'
import { Naive } from '../support/naive.ts'
import { type NaiveRow, naiveArtistEvents } from '../support/naive-artist-events.ts'
import { withEvents } from '../support/query-store.ts'
import { artistIds, catalogueFacts, dates, instants, randomEvents, ZONES } from '../support/random-events.ts'
import { ALBUMS, maybe, seldom, some } from '../support/random-ids.ts'

type Question = Omit<ArtistEventsQuestion, 'cursor'>

const questions: fc.Arbitrary<Question> = fc.constantFrom(...ZONES).chain(tz =>
  fc.record({
    artistId: artistIds,
    startDate: dates(tz),
    endDate: dates(tz),
    tz: fc.constant(tz),
    measure: maybe(some(MEASURES)),
    trackKey: seldom(some(ALBUMS.map(album => `${album}_1`))),
    albumId: seldom(some(ALBUMS)),
    limit: fc.constantFrom(2, 5, 100, 100),
  }),
)

async function allRows({ figures, log }: { figures: Figures; log: LogReader }, question: Question, now: number) {
  const items: CountedEvent[] = []
  let cursor: string | undefined
  do {
    const options = { secret: 'a secret', now }
    const page = await figures.ask(reads => artistEvents({ reads, log }, { ...question, cursor }, options))
    assert.ok(page.items.length <= question.limit)
    items.push(...page.items)
    assert.ok(items.length <= 1000, 'the pages do not end')
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return items
}

const text = (row: object): string => JSON.stringify(row, Object.keys(row).sort())

test('the rows of all pages are the counted credits of the artist, and make the KPIs of the same range', async () => {
  const property = fc.asyncProperty(
    randomEvents(60),
    fc.integer({ min: 1, max: 4 }),
    fc.oneof(fc.constant(new Map<string, CatalogueRecord>()), catalogueFacts),
    fc.array(fc.tuple(questions, instants), { minLength: 8, maxLength: 8 }),
    async (events, batches, facts, asked) => {
      const naive = new Naive(events, facts)
      await withEvents(
        events,
        batches,
        async (figures, log) => {
          for (const [question, now] of asked) {
            const rows = await allRows({ figures, log }, question, now).catch(codeOf)
            if (typeof rows === 'string') continue
            compareRows(rows, naiveArtistEvents(naive.eventsOf(question.artistId), events, question))
            await compareKpis(figures, rows, question, now)
          }
        },
        facts,
      )
    },
  )
  await fc.assert(property, { numRuns: 100, interruptAfterTimeLimit: 5_000 })
})

function codeOf(error: unknown): string {
  if (error instanceof ServiceError && error.code === 'range_reversed') return error.code
  throw error
}

/** Pseudonyms and users have to be one to one. */
function compareRows(rows: readonly CountedEvent[], expected: readonly NaiveRow[]): void {
  assert.deepEqual(rows.map(place), expected.map(place))
  const users = new Map<string, Set<string | null>>()
  const bySeq = new Map(expected.map(row => [row.seq, row.user]))
  for (const { seq, listener } of rows) {
    const user = bySeq.get(seq) as string | null
    assert.equal(listener === null, user === null)
    if (listener !== null) users.set(listener, new Set([...(users.get(listener) ?? []), user]))
  }
  const named = [...users.values()].map(each => [...each])
  assert.ok(named.every(each => each.length === 1))
  assert.equal(new Set(named.flat()).size, named.length)
  const shown = rows.map(({ seq, eventType, measure, counts, release, amount, currency }) =>
    text({ seq, eventType, measure, counts, release: release?.key ?? null, amount, currency }),
  )
  const plain = expected.map(({ seq, eventType, measure, counts, track, album, amount, currency }) => {
    const release = (track ?? album)?.replace(/^\w+:/, '') ?? null
    return text({ seq, eventType, measure, counts, release, amount, currency })
  })
  assert.deepEqual(shown.sort(), plain.sort())
}

const place = ({ at, seq }: { at: string | number; seq: number }) => [new Date(at).getTime(), seq]

async function compareKpis(figures: Figures, rows: readonly CountedEvent[], question: Question, now: number) {
  const { measure: asked, trackKey, albumId, ...range } = question
  if (trackKey !== undefined || albumId !== undefined) return
  const kpis = await figures.ask(reads => artistKpis(reads, range, { defaultCurrency: 'EUR', now }))
  for (const measure of asked ? [asked] : MEASURES) {
    const sum = rows.filter(row => row.measure === measure).reduce((total, { counts }) => total + counts, 0)
    assert.equal(Math.max(0, sum), kpis[measure], measure)
  }
  if (asked !== undefined && asked !== 'purchases') return
  const cents = rows.filter(({ currency }) => currency === 'EUR').map(({ amount }) => Math.round(Number(amount) * 100))
  assert.equal(
    Math.max(
      0,
      cents.reduce((sum, each) => sum + each, 0),
    ) / 100,
    kpis.revenue,
  )
}
