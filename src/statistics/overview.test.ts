import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { Overview } from './overview.ts'

const settings = { defaultCurrency: 'EUR', now: Date.parse('2026-11-24T12:00:00.000Z') }

test('days of events that are many years apart are counted, and the empty ones between them are zeros', async () => {
  const told = ['1999-12-31', '2010-06-15', '2010-06-16', '2026-11-24'].map(
    (day): Told => ({ at: `${day}T11:00:00Z`, metadata: { artistId: '4' } }),
  )
  const question = { startDate: '1999-12-01', endDate: '2026-11-24', interval: 'day' }
  const { series } = await answerOf(told, reads => new Overview().kpis(reads, question, settings))
  const played = series!.filter(({ plays }) => plays > 0)
  assert.deepEqual(
    played.map(({ start, plays, activeArtists }) => [start.slice(0, 10), plays, activeArtists]),
    [
      ['1999-12-31', 1, 1],
      ['2010-06-15', 1, 1],
      ['2010-06-16', 1, 1],
      ['2026-11-24', 1, 1],
    ],
  )
  assert.equal(series!.length, 9856)
})
