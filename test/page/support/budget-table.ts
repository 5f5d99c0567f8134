/** Budgets: what was measured several times, its median, and what it may be at most. */
import assert from 'node:assert/strict'

export interface Budget {
  measure: string
  most: number
  unit: 'kB' | 'ms' | ''
  runs: number[]
}

export function median(runs: readonly number[]): number {
  return runs.toSorted((a, b) => a - b)[Math.floor(runs.length / 2)]!
}

/** Prints all of them as a table, then fails for those whose median is above the most. */
export function holdBudgets(budgets: readonly Budget[]): void {
  console.table(
    budgets.map(({ measure, most, unit, runs }) => ({
      measure,
      most: written(most, unit),
      median: written(median(runs), unit),
      runs: runs.map(run => written(run, '')).join(' '),
    })),
  )
  const broken = budgets.filter(({ most, runs }) => !(median(runs) <= most)).map(({ measure }) => measure)
  assert.deepEqual(broken, [], 'above the most')
}

function written(value: number, unit: Budget['unit']): string {
  return `${value.toFixed(unit === 'ms' || value >= 100 ? 0 : value < 1 ? 3 : 1)} ${unit}`.trim()
}
