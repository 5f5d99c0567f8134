import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alignedSeries } from './aligned-series.ts'

const month = (number: number, plays: number) => ({ start: `2026-0${number}`, end: `2026-0${number + 1}`, plays })

test('a series that begins later has zeros until it begins', () => {
  const { points, values } = alignedSeries([
    [month(3, 7), month(4, 8)],
    [month(1, 1), month(2, 2), month(3, 3), month(4, 4)],
  ])
  assert.deepEqual(
    points.map(({ start }) => start),
    ['2026-01', '2026-02', '2026-03', '2026-04'],
  )
  assert.deepEqual(values, [
    [0, 0, 7, 8],
    [1, 2, 3, 4],
  ])
})
