import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellAfterKey, gridOf, STEPS, stepOf } from './heat-cells.ts'

test('only nothing has no colour, and the highest value has the strongest', () => {
  assert.deepEqual(
    [0, 1, 20, 21, 99, 100].map(value => stepOf(value, 100)),
    [0, 1, 1, 2, 5, STEPS],
  )
  assert.equal(stepOf(0, 0), 0)
})

test('the grid has 7 rows of 24 hours from Monday, zeros where no cell is given', () => {
  const grid = gridOf([{ weekday: 7, hour: 23, value: 4 }])
  assert.deepEqual([grid.length, grid[0]!.length, grid[6]![23], grid[0]![0]], [7, 24, 4, 0])
})

test('arrows move within the week, and stop at its ends', () => {
  assert.deepEqual(cellAfterKey('ArrowDown', { day: 0, hour: 3 }), { day: 1, hour: 3 })
  assert.deepEqual(cellAfterKey('ArrowUp', { day: 0, hour: 3 }), { day: 0, hour: 3 })
  assert.deepEqual(cellAfterKey('End', { day: 6, hour: 3 }), { day: 6, hour: 23 })
  assert.equal(cellAfterKey('Tab', { day: 0, hour: 0 }), undefined)
})
