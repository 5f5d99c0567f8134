import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type GraphData, linesOf, marksByPoint } from './graph-data.ts'

const day = (date: number) => `2026-11-${String(date).padStart(2, '0')}T00:00:00Z`
const points = [24, 25, 26, 27, 28].map(date => ({ start: day(date), end: day(date + 1) }))
const data: GraphData = {
  points,
  interval: 'day',
  tz: 'UTC',
  now: '2026-11-26T14:00:00Z',
  measure: { name: 'plays', format: String, isWhole: true },
  series: [{ name: 'Plays', values: [5, null, 3, 0, 0] }],
}

test('the day of now is open, and the zeros of days to come are no figures', () => {
  const line = linesOf(data).lines[0]!
  assert.deepEqual(line.values, [5, null, 3, null, null])
  assert.equal(line.open, 2)
})

test('no point is open at the instant at which one ends and none follows, nor where none has begun', () => {
  assert.equal(linesOf({ ...data, now: day(29) }).lines[0]!.open, -1)
  const before = linesOf({ ...data, now: day(20) }).lines[0]!
  assert.deepEqual([before.open, before.values.some(value => value !== null)], [-1, false])
})

test('a point is open from its first instant on', () => {
  assert.equal(linesOf({ ...data, now: day(25) }).lines[0]!.open, 1)
})

test('the earlier range is over, and has no values where it is shorter', () => {
  const earlier = {
    name: 'Before',
    values: [1, 2],
    points: [10, 11].map(date => ({ start: day(date), end: day(date + 1) })),
  }
  const line = linesOf({ ...data, earlier }).earlier!
  assert.deepEqual(line.values, [1, 2, null, null, null])
  assert.equal(line.open, -1)
})

test('a mark belongs to the point in which it is, in the order of time; one outside of all points to none', () => {
  const mark = (at: string) => ({ at, label: at })
  const inside = ['2026-11-25T23:59:59Z', day(25), day(24)].map(mark)
  const outside = ['2026-11-23T23:59:59Z', day(29)].map(mark)
  assert.deepEqual(
    [...marksByPoint(points, [...inside, ...outside])].map(([index, marks]) => [index, ...marks.map(({ at }) => at)]),
    [
      [0, day(24)],
      [1, day(25), '2026-11-25T23:59:59Z'],
    ],
  )
})
