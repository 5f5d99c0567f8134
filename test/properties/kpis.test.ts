/** The KPIs of artists, albums, tracks and the platform, from a real store, against a plain scan of the same events. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CatalogueRecord } from '../../src/catalogue/catalogue-record.ts'
import { ServiceError } from '../../src/errors.ts'
import { artistKpis } from '../../src/statistics/artist-kpis.ts'
import type { SeriesQuestion } from '../../src/statistics/kpis.ts'
import { Overview } from '../../src/statistics/overview.ts'
import { releaseKpis } from '../../src/statistics/release-kpis.ts'
import { SERIES_UNITS } from '../../src/statistics/series.ts'
import { Naive } from '../support/naive.ts'
import { withEvents } from '../support/query-store.ts'
import { albums, artistIds, catalogueFacts, dates, instants, randomEvents, ZONES } from '../support/random-events.ts'

/** Hours seldom: they may be 10,000 points, each of which is scanned for. */
const intervals = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...SERIES_UNITS.filter(unit => unit !== 'hour')) },
  { weight: 1, arbitrary: fc.constant('hour' as const) },
)

const questions: fc.Arbitrary<SeriesQuestion> = fc
  .constantFrom(...ZONES)
  .chain(tz =>
    fc.record({
      startDate: dates(tz),
      endDate: dates(tz),
      tz: fc.constant(tz),
      interval: fc.option(intervals, { nil: undefined, freq: 2 }),
      compare: fc.option(fc.constantFrom('previous', 'weekday', 'year'), { nil: undefined, freq: 3 }),
    }),
  )
  .map(question => {
    const { startDate, endDate } = question
    const isReversed = startDate !== undefined && endDate !== undefined && startDate > endDate
    return isReversed ? { ...question, startDate: endDate, endDate: startDate } : question
  })

const about = fc.record({
  question: questions,
  now: instants,
  artistId: artistIds,
  albumId: albums,
  track: fc.constantFrom('1', '2'),
})

const taught = fc.oneof(fc.constant(new Map<string, CatalogueRecord>()), catalogueFacts, catalogueFacts)

/** The answer, or the code of the refusal. */
async function answerOrRefusal<T>(answer: Promise<T>): Promise<T | string> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ServiceError) return error.code
    throw error
  }
}

test('the KPIs of artists, albums, tracks and the platform are those that a plain scan of the events gives', async () => {
  const asked = fc.array(about, { minLength: 4, maxLength: 4 })
  const batches = fc.integer({ min: 1, max: 4 })
  const property = fc.asyncProperty(
    randomEvents(60),
    batches,
    taught,
    asked,
    async (events, batches, records, asked) => {
      const naive = new Naive(events, records)
      const overview = new Overview()
      await withEvents(
        events,
        batches,
        async figures => {
          for (const { question, now, artistId, albumId, track } of asked) {
            const settings = { defaultCurrency: 'EUR', now }
            const album = { ...question, kind: 'album' as const, id: albumId }
            const ofTrack = { ...question, kind: 'track' as const, id: `${albumId}_${track}` }
            const found = {
              artist: await answerOrRefusal(
                figures.ask(reads => artistKpis(reads, { ...question, artistId }, settings)),
              ),
              album: await answerOrRefusal(
                figures.ask(async reads => (await releaseKpis(reads, album, settings)).kpis),
              ),
              track: await answerOrRefusal(
                figures.ask(async reads => (await releaseKpis(reads, ofTrack, settings)).kpis),
              ),
              platform: await answerOrRefusal(figures.ask(reads => overview.kpis(reads, question, settings))),
            }
            if (found.artist === 'range_reversed') continue
            const expected = {
              artist: naive.kpis({ ...question, artistId }, settings),
              album: naive.releaseKpis(album, settings),
              track: naive.releaseKpis(ofTrack, settings),
              platform: naive.overview(question, settings),
            }
            assert.deepEqual(found, expected, JSON.stringify({ question, now, artistId, albumId, track }))
          }
        },
        records,
      )
    },
  )
  await fc.assert(property, { numRuns: 100, interruptAfterTimeLimit: 5_000 })
})
