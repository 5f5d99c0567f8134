/** Where positions stand in their graph. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PositionWeek } from '../../../../http/position.ts'
import { positionPaths, positionScale, positionTicks } from './position-scale.ts'

const weeks = (...positions: (number | null)[]) =>
  positions.map((position, i) => ({ position, start: `week ${i}`, isOver: i < positions.length - 1 }) as PositionWeek)

test('the first position is at the top and the lowest tick at the bottom', () => {
  const { weeks: placed, ticks } = positionScale(weeks(1, 5, 3))
  assert.deepEqual(
    ticks.map(({ position }) => position),
    [1, 2, 3, 4, 5],
  )
  assert.deepEqual(
    placed.map(({ y }) => y),
    [0, 1, 0.5],
  )
  assert.deepEqual(
    placed.map(({ x }) => x),
    [0, 0.5, 1],
  )
})

test('weeks before the first position are left out, and later ones without a position stay as gaps', () => {
  const { weeks: placed } = positionScale(weeks(null, null, 2, null, 1))
  assert.deepEqual(
    placed.map(({ week }) => week.position),
    [2, null, 1],
  )
  assert.equal(placed[1]?.y, null)
})

test('an artist who always leads has one tick, at the top', () => {
  assert.deepEqual(positionScale(weeks(1, 1)).ticks, [{ position: 1, y: 0 }])
})

test('ticks are round, begin with 1 and reach the lowest position', () => {
  assert.deepEqual(positionTicks(1), [1])
  assert.deepEqual(positionTicks(2), [1, 2])
  assert.deepEqual(positionTicks(6), [1, 2, 4, 6])
  assert.deepEqual(positionTicks(37), [1, 10, 20, 30, 40])
  assert.deepEqual(positionTicks(900), [1, 500, 1000])
})

test('a gap parts the line, and the way to the running week is a line of its own', () => {
  const { over, open } = positionPaths(positionScale(weeks(1, 2, null, 2, 1)).weeks)
  assert.equal(over, 'M0 0L25 100M75 100')
  assert.equal(open, 'M75 100L100 0')
})
