/** Feedback on recommendations over HTTP: what is accepted and refused, and what it adds to which figures. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AppServices } from '../../src/http/app-services.ts'
import type { RecommendationPerformance } from '../../src/statistics/recommendation-performance.ts'
import { json, PLAY, postBatch, postEvent, problem, until } from '../support/http.ts'
import { sharedApp, startApp } from '../support/start-app.ts'

const SHOWN = {
  eventType: 'recommendation.shown',
  timestamp: '2026-11-24T10:00:00Z',
  userId: 'u1',
  entityType: 'artist',
  entityId: '4',
  metadata: { recommendationId: '01a210ab-ee1c-7ac9-8a39-da2f0bb5e2b5.model' },
}
const CLICKED = { ...SHOWN, eventType: 'recommendation.clicked' }

async function take(url: string, services: AppServices, events: readonly object[]): Promise<void> {
  assert.equal((await json(await postBatch(url, events))).accepted, events.length)
  await until(async () => (await services.health()).projector.lagEvents === 0)
}

const performanceOf = async (url: string, query = '') =>
  json<RecommendationPerformance & { definitions: string }>(
    await fetch(`${url}/api/stats/recommendations/performance${query}`),
  )

test('feedback without the id of its recommendation, or about something else than an item, is refused with the field and the rule', async () => {
  const { url } = await sharedApp()
  const refused = [
    [{ ...SHOWN, metadata: null }, 'metadata.recommendationId', 'required'],
    [{ ...CLICKED, metadata: { recommendationId: '' } }, 'metadata.recommendationId', 'required'],
    [{ ...SHOWN, metadata: { recommendationId: 7 } }, 'metadata.recommendationId', 'wrong_type'],
    [{ ...SHOWN, entityType: null }, 'entityType', 'required'],
    [{ ...SHOWN, entityType: 'order' }, 'entityType', 'entity_type_unknown'],
  ] as const
  for (const [event, path, code] of refused) {
    const { errors } = await problem(await postEvent(url, event), 400, code)
    assert.deepEqual(
      errors?.map(error => [error.path, error.code]),
      [[path, code]],
    )
  }
})

test('refused feedback is a dead letter, which counts once it is repaired', async t => {
  const { url, services } = await startApp(t)
  await json(await postEvent(url, { ...SHOWN, eventId: 'f1', metadata: {} }), 400)
  const replay = { id: 'f1', event: { ...SHOWN, eventId: 'f1' } }
  const response = await fetch(`${url}/api/stats/dead-letters/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(replay),
  })
  assert.equal((await json(response)).accepted, 1)
  await until(async () => (await services.health()).projector.lagEvents === 0)
  assert.equal((await performanceOf(url)).total.shown, 1)
})

test('feedback of any listener and any id counts by its strategy, and the same event sent again does not', async t => {
  const { url, services } = await startApp(t)
  const anonymous = { ...CLICKED, userId: null, anonymous: true }
  const madeUp = ['', 'x', '.', '💿.model.', 'undefined'].map(id => ({
    ...SHOWN,
    metadata: { recommendationId: `odd${id}` },
  }))
  const once = { ...SHOWN, eventId: 'once', entityId: '5' }
  await take(url, services, [SHOWN, SHOWN, anonymous, once, ...madeUp])
  assert.equal((await json(await postEvent(url, once), 202)).duplicate, true)
  const { strategies, total, definitions } = await performanceOf(url, '?startDate=2026-11-24&endDate=2026-11-24')
  assert.deepEqual(total, { shown: 7, clicked: 1, clickThroughRate: 14.29, clickedUnshown: 0 })
  assert.deepEqual(
    strategies.map(({ strategy, shown, clicked }) => [strategy, shown, clicked]),
    [
      ['model', 2, 1],
      ['exploration', 0, 0],
      ['similar', 0, 0],
      ['genre', 0, 0],
      ['popular', 0, 0],
      ['unknown', 5, 0],
    ],
  )
  assert.equal(definitions, services.definitions.version)
  assert.equal((await performanceOf(url, '?startDate=2026-11-25')).total.shown, 0)
})

test('feedback adds nothing to the figures of artists and of the platform', async t => {
  const { url, services } = await startApp(t)
  await take(url, services, [PLAY])
  const figures = async () => {
    const paths = ['artist/4/kpis', 'artist/4/audience', 'overview', 'trending', 'unattributed', 'artist/4/events']
    return Promise.all(paths.map(async path => json(await fetch(`${url}/api/stats/${path}`))))
  }
  const before = await figures()
  const later = { timestamp: '2026-11-24T11:00:00Z', userId: 'u2' }
  await take(url, services, [
    { ...SHOWN, ...later },
    { ...CLICKED, ...later },
    { ...CLICKED, ...later, entityType: 'track', entityId: 'a1_1', metadata: { ...SHOWN.metadata, artist: 'Ana' } },
  ])
  assert.deepEqual(await figures(), before)
  assert.equal((await performanceOf(url)).total.clicked, 1)
})

test('the performance of recommendations as CSV is a row for each strategy', async t => {
  const { url, services } = await startApp(t)
  await take(url, services, [SHOWN])
  const response = await fetch(`${url}/api/stats/recommendations/performance?format=csv`)
  assert.match(response.headers.get('content-disposition') ?? '', /recommendations\.csv$/)
  const lines = (await response.text()).trimEnd().split('\r\n')
  assert.deepEqual(lines.slice(0, 3), [
    'strategy,shown,clicked,clickThroughRate,clickedUnshown',
    'model,1,0,0,0',
    'exploration,0,0,,0',
  ])
  assert.equal(lines.length, 7)
})

test('a wrong range of the performance of recommendations is refused', async () => {
  const { url } = await sharedApp()
  const path = `${url}/api/stats/recommendations/performance`
  await problem(await fetch(`${path}?startDate=2026-11-25&endDate=2026-11-24`), 400, 'range_reversed')
  await problem(await fetch(`${path}?tz=Mars`), 400, 'time_zone_unknown')
  await problem(await fetch(`${path}?format=xml`), 400, 'format_unknown')
})
