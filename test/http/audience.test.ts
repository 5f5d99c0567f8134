/** The audience and the rhythm of an artist over HTTP, as JSON and CSV. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Audience } from '../../src/statistics/audience.ts'
import type { Rhythm } from '../../src/statistics/rhythm.ts'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { sharedApp } from '../support/start-app.ts'

const OF = { entityType: 'artist', entityId: 'heard', metadata: {} }

let filled: Promise<string> | undefined

async function fill(): Promise<string> {
  const { url, services } = await sharedApp()
  const by = (userId: string | null, timestamp: string, more = {}) => ({ ...PLAY, ...OF, userId, timestamp, ...more })
  const events = [
    by('u1', '2026-10-31T10:00:00Z'),
    by('u1', '2026-11-01T23:30:00Z'),
    by('u2', '2026-11-02T10:00:00Z'),
    by('u2', '2026-11-02T11:00:00Z', { eventType: 'track.liked' }),
    by(null, '2026-11-02T10:30:00Z'),
  ]
  assert.equal((await json(await postBatch(url, events))).accepted, events.length)
  await until(async () => (await services.health()).projector.lagEvents === 0)
  return `${url}/api/stats/artist/heard`
}

const artist = () => {
  filled ??= fill()
  return filled
}

const NOVEMBER = 'startDate=2026-11-01&endDate=2026-11-02'

async function linesOf(response: Response): Promise<string[]> {
  assert.match(response.headers.get('content-type') ?? '', /^text\/csv/)
  return (await response.text()).trimEnd().split('\r\n')
}

test('the audience has its listeners, plays, segments, funnel, series and comparison', async () => {
  const answer = await fetch(`${await artist()}/audience?${NOVEMBER}&interval=day&compare=previous`)
  const audience = await json<Audience & { definitions: string }>(answer)
  assert.equal(answer.headers.get('definitions-version'), audience.definitions)
  const { listeners, newListeners, returningListeners, anonymousPlays, playsPerListener, funnel, series } = audience
  assert.deepEqual([listeners, newListeners, returningListeners, anonymousPlays], [2, 1, 1, 1])
  assert.deepEqual([playsPerListener.mean, playsPerListener.histogram[0]?.listeners], [1, 2])
  assert.equal(audience.segments.period, '2026-10-06T00:00:00.000Z/2026-11-03T00:00:00.000Z')
  assert.equal(audience.segments.light, 2)
  assert.deepEqual(funnel[1], { step: 'liked', people: 1, percentOfStepBefore: 50 })
  assert.deepEqual(
    series?.map(point => point.newListeners),
    [0, 1],
  )
  assert.equal(audience.previous?.change.listeners, 100)
})

test('the audience as CSV is its series, or one row of the whole range', async () => {
  const url = `${await artist()}/audience?${NOVEMBER}&format=csv`
  const header = 'start,end,listeners,newListeners,returningListeners'
  const [first, ...days] = await linesOf(await fetch(`${url}&interval=day`))
  assert.equal(first?.replace('\ufeff', ''), header)
  assert.deepEqual(days, [
    '2026-11-01T00:00:00.000Z,2026-11-02T00:00:00.000Z,1,0,1',
    '2026-11-02T00:00:00.000Z,2026-11-03T00:00:00.000Z,1,1,0',
  ])
  const [, ...whole] = await linesOf(await fetch(url))
  assert.deepEqual(whole, ['2026-11-01T00:00:00.000Z,2026-11-03T00:00:00.000Z,2,1,1'])
})

test('the rhythm has 168 hours in the time zone, and as many rows as CSV', async () => {
  const url = `${await artist()}/rhythm?${NOVEMBER}&tz=Europe/Madrid`
  const rhythm = await json<Rhythm>(await fetch(`${url}&compare=previous`))
  assert.deepEqual([rhythm.cells.length, rhythm.total, rhythm.previous?.total], [168, 3, 1])
  assert.deepEqual(rhythm.peak, { weekday: 1, hour: 11, plays: 2 })
  const lines = await linesOf(await fetch(url, { headers: { accept: 'text/csv' } }))
  assert.deepEqual([lines.length, lines[1], lines[12]], [169, '1,0,1', '1,11,2'])
})

test('an unknown artist has an empty audience and rhythm', async () => {
  const url = (await artist()).replace(/heard$/, 'nobody')
  const audience = await json<Audience>(await fetch(`${url}/audience?interval=day`))
  assert.deepEqual([audience.listeners, audience.funnel.length, audience.period], [0, 4, null])
  const rhythm = await json<Rhythm>(await fetch(`${url}/rhythm`))
  assert.deepEqual([rhythm.total, rhythm.peak, rhythm.cells.length], [0, null, 168])
})

test('a wrong parameter is refused by its name', async () => {
  const url = await artist()
  for (const [path, query] of [
    ['startDate', 'startDate=yesterday'],
    ['startDate', 'startDate=2026-11-02&endDate=2026-11-01'],
    ['tz', 'tz=Mars/Base'],
    ['compare', 'compare=next'],
    ['format', 'format=xml'],
  ]) {
    for (const statistic of ['audience', 'rhythm']) {
      const body = await json<{ errors: { path: string }[] }>(await fetch(`${url}/${statistic}?${query}`), 400)
      assert.equal(body.errors[0]?.path, path)
    }
  }
  await problem(await fetch(`${url}/audience?interval=decade`), 400, 'interval_unknown')
  const hours = `${url}/audience?startDate=2020-01-01&endDate=2026-11-01&interval=hour`
  await problem(await fetch(hours), 400, 'too_many_points')
})
