import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { type PerformanceQuestion, recommendationPerformance } from './recommendation-performance.ts'

const NOW = Date.UTC(2026, 10, 30)

const say =
  (eventType: 'recommendation.shown' | 'recommendation.clicked') =>
  (recommendationId: string, entityId: string, at = '2026-11-24T10:00:00Z'): Told => ({
    eventType,
    entityType: 'album',
    entityId,
    at,
    metadata: { recommendationId },
  })
const shown = say('recommendation.shown')
const clicked = say('recommendation.clicked')

async function performance(told: readonly Told[], question: PerformanceQuestion = {}) {
  return answerOf(told, reads => recommendationPerformance(reads, question, NOW))
}

/** Shown, clicked, rate and clicked though not shown, of all strategies together. */
async function total(told: readonly Told[], question?: PerformanceQuestion) {
  return Object.values((await performance(told, question)).total)
}

test('recommendations are counted by strategy, each of which is listed', async () => {
  const found = await performance([
    shown('x.model', 'a'),
    shown('x.model', 'b'),
    shown('x.model', 'c'),
    clicked('x.model', 'a'),
    shown('x.popular', 'd'),
    clicked('made up', 'e'),
  ])
  assert.deepEqual(
    found.strategies.map(each => Object.values(each)),
    [
      ['model', 3, 1, 33.33, 0],
      ['exploration', 0, 0, null, 0],
      ['similar', 0, 0, null, 0],
      ['genre', 0, 0, null, 0],
      ['popular', 1, 0, 0, 0],
      ['unknown', 0, 0, null, 1],
    ],
  )
  assert.deepEqual([found.period, ...Object.values(found.total)], [null, 4, 1, 25, 1])
})

test('an item of an answer counts once, however often it is shown and clicked', async () => {
  const again = [shown('x.model', 'a'), clicked('x.model', 'a')]
  assert.deepEqual(await total([...again, ...again, ...again]), [1, 1, 100, 0])
  assert.deepEqual(await total([...again, shown('y.model', 'a'), shown('x.model', 'b')]), [3, 1, 33.33, 0])
})

test('a click counts on the day on which its item was shown, before or after', async () => {
  const told = [
    clicked('x.model', 'a', '2026-11-25T08:00:00Z'),
    shown('x.model', 'a', '2026-11-24T23:59:00Z'),
    shown('x.model', 'b', '2026-11-24T23:59:30Z'),
    clicked('x.model', 'b', '2026-11-25T00:00:30Z'),
  ]
  assert.deepEqual(await total(told, { startDate: '2026-11-24', endDate: '2026-11-24' }), [2, 2, 100, 0])
  assert.deepEqual(await total(told, { startDate: '2026-11-25', endDate: '2026-11-25' }), [0, 0, null, 0])
  const inMadrid = { startDate: '2026-11-25', endDate: '2026-11-25', tz: 'Europe/Madrid' }
  assert.deepEqual(await total(told, inMadrid), [2, 2, 100, 0])
})

test('a click of what was never shown is apart, until an event says that it was', async () => {
  const click = clicked('x.model', 'a')
  assert.deepEqual(await total([click, click]), [0, 0, null, 1])
  assert.deepEqual(await total([click, shown('x.genre', 'a')]), [1, 0, 0, 1])
  assert.deepEqual(await total([click, shown('x.model', 'a', '2026-11-01T10:00:00Z')]), [1, 1, 100, 0])
})

test('a range of recommendations that is none is refused', async () => {
  const reversed = { startDate: '2026-11-25', endDate: '2026-11-24' }
  await assert.rejects(performance([], reversed), { code: 'range_reversed' })
  await assert.rejects(performance([], { tz: 'Mars' }), { code: 'time_zone_unknown' })
})
