import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { DAY_MS } from '../units.ts'
import { type AudienceQuestion, audience } from './audience.ts'

const NOW = Date.parse('2026-11-24T12:00:00.000Z')
const NOVEMBER = { startDate: '2026-11-01', endDate: '2026-11-30' }

const ask = (told: readonly Told[], question: Partial<AudienceQuestion> = {}) =>
  answerOf(told, reads => audience(reads, { artistId: '4', ...question }, NOW))

const by = (userId: string | undefined, at: string, eventType: Told['eventType'] = 'track.played'): Told => ({
  at: at.length === 10 ? `${at}T10:00:00Z` : at,
  eventType: eventType as 'track.played',
  entityType: 'artist',
  entityId: '4',
  metadata: { price: '5' },
  ...(userId !== undefined && { userId }),
})

/** Plays on so many days, one a day, the last of them so many days before now. */
const daily = (userId: string, days: number, daysAgo = 0): Told[] =>
  Array.from({ length: days }, (_, i) => by(userId, new Date(NOW - (daysAgo + i) * DAY_MS).toISOString()))

test('the audience of an unknown artist is empty', async () => {
  const answer = await ask([], NOVEMBER)
  const { listeners, newListeners, returningListeners, anonymousPlays, playsPerListener, segments, funnel } = answer
  assert.deepEqual([listeners, newListeners, returningListeners, anonymousPlays], [0, 0, 0, 0])
  assert.deepEqual([playsPerListener.mean, playsPerListener.median, playsPerListener.histogram.length], [0, 0, 8])
  assert.deepEqual([segments.super, segments.regular, segments.light, segments.lapsed], [0, 0, 0, 0])
  const nobody = ['listened', 'liked', 'followed', 'bought'].map(step => ({
    step,
    people: 0,
    percentOfStepBefore: null,
  }))
  assert.deepEqual(funnel, nobody)
})

test('a listener is new in the range of the first play ever, and returns in later ones', async () => {
  const told = [by('u1', '2026-10-31'), by('u1', '2026-11-02'), by('u2', '2026-11-02'), by('u2', '2026-11-03')]
  const november = await ask(told, NOVEMBER)
  assert.deepEqual([november.listeners, november.newListeners, november.returningListeners], [2, 1, 1])
  const october = await ask(told, { startDate: '2026-10-01', endDate: '2026-10-31' })
  assert.deepEqual([october.listeners, october.newListeners, october.returningListeners], [1, 1, 0])
})

test('a late event makes a listener one who returns', async () => {
  const { newListeners } = await ask([by('u1', '2026-11-02'), by('u1', '2025-01-01')], NOVEMBER)
  assert.equal(newListeners, 0)
})

test('a skip and a like before the range leave a listener new', async () => {
  const told: Told[] = [
    { ...by('u1', '2026-10-01'), skipped: true },
    by('u1', '2026-10-01', 'track.liked'),
    by('u1', '2026-11-02'),
  ]
  assert.equal((await ask(told, NOVEMBER)).newListeners, 1)
})

test('plays of nobody known are counted apart', async () => {
  const { listeners, anonymousPlays, playsPerListener } = await ask([
    by(undefined, '2026-11-02'),
    by(undefined, '2026-11-03'),
    by('u1', '2026-11-02'),
  ])
  assert.deepEqual([listeners, anonymousPlays, playsPerListener.mean], [1, 2, 1])
})

test('plays a listener have a mean, a median and a histogram', async () => {
  const plays = { u1: 1, u2: 2, u3: 3, u4: 5, u5: 101 }
  const told = Object.entries(plays).flatMap(([user, count]) => new Array<Told>(count).fill(by(user, '2026-11-02')))
  const { mean, median, histogram } = (await ask(told)).playsPerListener
  assert.deepEqual([mean, median], [22.4, 3])
  assert.deepEqual(
    histogram.map(({ from, to, listeners }) => [from, to, listeners]),
    [
      [1, 1, 1],
      [2, 2, 1],
      [3, 5, 2],
      [6, 10, 0],
      [11, 20, 0],
      [21, 50, 0],
      [51, 100, 0],
      [101, null, 1],
    ],
  )
})

test('the median of an even number of listeners is the mean of the two in the middle', async () => {
  const told = [by('u1', '2026-11-02'), ...new Array<Told>(4).fill(by('u2', '2026-11-02'))]
  assert.equal((await ask(told)).playsPerListener.median, 2.5)
})

test('segments are by the days of the last 28 on which a listener played', async () => {
  const told = [
    ...daily('super', 8),
    ...daily('regular', 7),
    ...daily('edge', 3),
    ...daily('light', 2),
    ...daily('light again', 1, 27),
    ...daily('lapsed', 1, 28),
    ...daily('lapsed before', 1, 55),
    ...daily('gone', 1, 56),
  ]
  const { segments } = await ask(told)
  assert.deepEqual(segments, {
    period: '2026-10-28T00:00:00.000Z/2026-11-25T00:00:00.000Z',
    super: 1,
    regular: 2,
    light: 2,
    lapsed: 2,
  })
  assert.deepEqual((await ask(told, { startDate: '2026-11-24', endDate: '2026-12-24' })).segments, segments)
})

test('segments end with the last day of a range that is over, in its time zone', async () => {
  const { segments } = await ask([], { endDate: '2026-10-31T23:30:00Z', tz: 'Europe/Madrid' })
  assert.equal(segments.period, '2026-10-05T00:00:00.000+02:00/2026-11-02T00:00:00.000+01:00')
})

test('each step of the funnel is of the people of the step before it', async () => {
  const told = [
    ...['u1', 'u2', 'u3'].flatMap(user => [by(user, '2026-11-02'), by(user, '2026-11-02', 'track.liked')]),
    by('u4', '2026-11-02', 'track.liked'),
    by('u4', '2026-11-02', 'artist.followed'),
    by('u1', '2026-11-02', 'artist.followed'),
    by('u2', '2026-11-02', 'artist.followed'),
    by('u2', '2026-11-03', 'artist.unfollowed'),
    by('u1', '2026-11-02', 'order.paid'),
    by('u3', '2026-11-02', 'order.paid'),
    by(undefined, '2026-11-02'),
  ]
  const { funnel } = await ask(told, NOVEMBER)
  assert.deepEqual(
    funnel.map(({ step, people, percentOfStepBefore }) => [step, people, percentOfStepBefore]),
    [
      ['listened', 3, null],
      ['liked', 3, 100],
      ['followed', 1, 33.33],
      ['bought', 1, 100],
    ],
  )
})

test('a series has a listener as new in the point of the first play ever alone', async () => {
  const told = [by('u1', '2026-11-01'), by('u1', '2026-11-02'), by('u2', '2026-11-02'), by('u2', '2026-11-02')]
  const { series } = await ask(told, { startDate: '2026-11-01', endDate: '2026-11-03', interval: 'day' })
  assert.deepEqual(
    series?.map(({ start, listeners, newListeners, returningListeners }) => [
      start.slice(0, 10),
      listeners,
      newListeners,
      returningListeners,
    ]),
    [
      ['2026-11-01', 1, 1, 0],
      ['2026-11-02', 2, 1, 1],
      ['2026-11-03', 0, 0, 0],
    ],
  )
})

test('a series without a start begins with the first event of the artist', async () => {
  const { series } = await ask([by('u1', '2026-11-20', 'track.liked'), by('u1', '2026-11-23')], { interval: 'day' })
  assert.deepEqual([series?.[0]?.start, series?.length], ['2026-11-20T00:00:00.000Z', 5])
})

test('a comparison has the figures of the earlier range, their changes, and its series', async () => {
  const told = [by('u1', '2026-10-20'), by('u1', '2026-11-02'), by('u2', '2026-11-02')]
  const range = { startDate: '2026-11-01', endDate: '2026-11-20', interval: 'month', compare: 'previous' }
  const { previous } = await ask(told, range)
  assert.equal(previous?.period, '2026-10-12T00:00:00.000Z/2026-11-01T00:00:00.000Z')
  assert.deepEqual([previous.listeners, previous.newListeners, previous.series?.length], [1, 1, 1])
  const { listeners, newListeners, returningListeners, mean, light, lapsed, liked } = previous.change
  assert.deepEqual([listeners, newListeners, returningListeners], [100, 0, null])
  assert.deepEqual([mean, light, lapsed, liked], [0, 100, null, null])
  assert.equal((await ask(told, { compare: 'year' })).previous, null)
})
