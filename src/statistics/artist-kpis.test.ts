import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { artistKpis, type KpiQuestion } from './artist-kpis.ts'

const NOW = Date.parse('2026-11-24T12:00:00.000Z')

function kpis(told: readonly Told[], question: Partial<KpiQuestion> = {}) {
  return answerOf(told, reads =>
    artistKpis(reads, { artistId: '4', ...question }, { defaultCurrency: 'EUR', now: NOW }),
  )
}

const play = (at: string, userId?: string): Told => ({
  at,
  metadata: { artistId: '4' },
  ...(userId === undefined ? {} : { userId }),
})

const order = (price: string, currency: string, eventType: Told['eventType'] = 'order.paid'): Told => ({
  eventType: eventType as 'order.paid',
  entityType: 'order',
  entityId: '1764000000000',
  metadata: { artistId: '4', price, currency },
})

test('the KPIs of an unknown artist are zeros', async () => {
  assert.deepEqual(await kpis([]), {
    artistId: '4',
    period: null,
    plays: 0,
    uniqueListeners: 0,
    likes: 0,
    follows: 0,
    purchases: 0,
    revenue: 0,
    revenueByCurrency: {},
    lastEventAt: null,
  })
})

test('revenue is in major units, each currency with its own decimals', async () => {
  const answer = await kpis([order('9.99', 'EUR'), order('500', 'JPY'), order('1.234', 'KWD')])
  assert.equal(answer.purchases, 3)
  assert.equal(answer.revenue, 9.99)
  assert.deepEqual(answer.revenueByCurrency, { EUR: 9.99, JPY: 500, KWD: 1.234 })
})

test('KPIs are clamped at zero after adding', async () => {
  const answer = await kpis([order('5', 'EUR'), order('7', 'EUR', 'order.refunded'), order('1', 'EUR')])
  assert.deepEqual([answer.purchases, answer.revenue, answer.revenueByCurrency], [1, 0, {}])
})

test('a partial refund keeps the purchase, and moves the time of the last event', async () => {
  const partly: Told = { ...order('3', 'EUR', 'order.refunded'), at: '2026-11-24T11:00:00.000Z' }
  const answer = await kpis([order('10', 'EUR'), { ...partly, metadata: { ...partly.metadata, partial: true } }])
  assert.deepEqual([answer.purchases, answer.revenue, answer.lastEventAt], [1, 7, '2026-11-24T11:00:00.000Z'])
})

test('a listener counts once in the whole range, and an anonymous user never', async () => {
  const told = [
    play('2026-01-01T10:00:00.000Z', 'u1'),
    play('2026-02-01T10:07:00.000Z', 'u1'),
    play('2026-02-01T10:08:00.000Z'),
  ]
  told.push(play('2026-02-01T10:08:00.000Z', 'undefined'), play('2026-02-01T10:08:01.000Z', 'ANONYMOUS'))
  const { plays, uniqueListeners } = await kpis(told, {
    startDate: '2026-01-01T09:59:59.999Z',
    endDate: '2026-02-01T10:10Z',
  })
  assert.deepEqual([plays, uniqueListeners], [5, 1])
})

test('a range includes its start and its end to the millisecond', async () => {
  const told = ['10:00:00.000', '10:00:00.001', '10:05:00.000', '10:05:00.001'].map(time => play(`2026-01-01T${time}Z`))
  const answer = await kpis(told, { startDate: '2026-01-01T10:00:00.001Z', endDate: '2026-01-01T10:05:00.000Z' })
  assert.equal(answer.plays, 2)
  assert.equal(answer.period, '2026-01-01T10:00:00.001Z/2026-01-01T10:05:00.001Z')
  assert.equal(answer.lastEventAt, '2026-01-01T10:05:00.000Z')
})

test('a series has no holes, from the first event to now', async () => {
  const { series } = await kpis([play('2026-11-22T23:30:00.000Z')], { interval: 'day', tz: 'Europe/Madrid' })
  assert.deepEqual(
    series?.map(({ start, end, plays }) => [start, end, plays]),
    [
      ['2026-11-23T00:00:00.000+01:00', '2026-11-24T00:00:00.000+01:00', 1],
      ['2026-11-24T00:00:00.000+01:00', '2026-11-25T00:00:00.000+01:00', 0],
    ],
  )
  assert.deepEqual((await kpis([], { interval: 'day' })).series, [])
  assert.equal((await kpis([], { interval: 'day', startDate: '2026-11-20' })).series?.length, 5)
})

test('a series has the last 10,000 points where an event of long ago would give more, and is marked as clipped', async () => {
  const told = [play('1970-01-21T18:45:14.000Z'), play('2026-11-23T10:00:00.000Z')]
  const { series, clipped, plays } = await kpis(told, { interval: 'day' })
  assert.deepEqual([series?.length, series?.[0]?.start, clipped, plays], [10_000, '1999-07-10T00:00:00.000Z', true, 2])
  assert.equal(series?.at(-2)?.plays, 1)
  const ended = await kpis(told, { interval: 'day', endDate: '2026-11-22' })
  assert.deepEqual([ended.series?.length, ended.series?.at(-1)?.end], [10_000, '2026-11-23T00:00:00.000Z'])
  assert.equal('clipped' in (await kpis(told, { interval: 'month' })), false)
})

test('a series ends a day from now at the latest, with or without a start', async () => {
  const told = [play('2026-11-23T10:00:00.000Z'), play('2099-01-01T00:00:00.000Z')]
  for (const startDate of ['2026-11-23', undefined]) {
    const { series, clipped, plays } = await kpis(told, { interval: 'day', startDate })
    assert.deepEqual([series?.map(point => point.plays), clipped, plays], [[1, 0, 0], true, 2])
  }
  const tomorrow = await kpis([play('2026-11-25T11:00:00.000Z')], { interval: 'day' })
  assert.deepEqual([tomorrow.series?.map(({ plays }) => plays), tomorrow.clipped], [[1], undefined])
  const alone = await kpis([play('2099-01-01T00:00:00.000Z')], { interval: 'hour' })
  assert.deepEqual([alone.series, alone.clipped, alone.plays], [[], true, 1])
  const asked = await kpis(told, { interval: 'year', startDate: '2098-01-01', endDate: '2099-12-31' })
  assert.deepEqual([asked.series?.map(point => point.plays), asked.clipped], [[0, 1], undefined])
})

test('a series begins with the first event also where hours begin inside a quarter', async () => {
  const question = { interval: 'hour', tz: 'Africa/Monrovia', endDate: '1971-06-01T12:00' }
  const { series } = await kpis([play('1971-06-01T11:45:00.000Z')], question)
  assert.deepEqual(series?.map(({ start, plays }) => [start, plays])[0], ['1971-06-01T11:44:30.000Z', 1])
  const skip: Told = { ...play('1971-06-01T10:44:00.000Z'), skipped: true }
  const earlier = await kpis([skip, play('1971-06-01T10:44:31.000Z')], question)
  assert.deepEqual(earlier.series?.map(({ start, plays }) => [start, plays])[0], ['1971-06-01T10:44:30.000Z', 1])
})

test('KPIs are compared with the range before, in per cent', async () => {
  const told = ['2026-11-22', '2026-11-22', '2026-11-22', '2026-11-23'].map(day => play(`${day}T10:00:00.000Z`))
  const answer = await kpis(told, { startDate: '2026-11-23', endDate: '2026-11-23', compare: 'previous' })
  assert.equal(answer.previous?.period, '2026-11-22T00:00:00.000Z/2026-11-23T00:00:00.000Z')
  assert.equal(answer.previous?.plays, 3)
  assert.equal(answer.previous?.change.plays, -66.67)
  assert.equal(answer.previous?.change.likes, null)
  assert.equal((await kpis(told, { compare: 'previous' })).previous, null)
  const today = ['2026-11-24T11:00:00.000Z', '2026-11-23T12:00:00.000Z', '2026-11-23T13:00:00.000Z'].map(time =>
    play(time),
  )
  const { previous } = await kpis(today, { startDate: '2026-11-24', endDate: '2026-11-24', compare: 'previous' })
  assert.deepEqual([previous?.plays, previous?.change.plays], [1, 0])
})

test('a wrong date, zone, interval or comparison is refused', async () => {
  await assert.rejects(kpis([], { interval: 'decade' }), { status: 400, code: 'interval_unknown' })
  await assert.rejects(kpis([], { compare: 'next' }), { status: 400, code: 'compare_unknown' })
  await assert.rejects(kpis([], { tz: 'Mars/Olympus' }), { status: 400, code: 'time_zone_unknown' })
  const hours = kpis([], { interval: 'hour', startDate: '2020-01-01' })
  await assert.rejects(hours, { status: 400, code: 'too_many_points', message: /longer one, or for less time/ })
})
