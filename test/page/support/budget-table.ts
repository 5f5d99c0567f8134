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

/**
 * Prints all of them as a table, then fails for sizes and shifts whose median is above the most. Times are printed only: they say
 * as much about the machine and its other work as about the page.
 */
export function holdBudgets(budgets: readonly Budget[]): void {
  console.table(
    budgets.map(({ measure, most, unit, runs }) => ({
      measure,
      most: written(most, unit),
      median: written(median(runs), unit),
      runs: runs.map(run => written(run, '')).join(' '),
      held: isHeld({ most, runs }),
    })),
  )
  const broken = budgets.filter(budget => budget.unit !== 'ms' && !isHeld(budget)).map(({ measure }) => measure)
  assert.deepEqual(broken, [], 'above the most')
}

const isHeld = ({ most, runs }: Pick<Budget, 'most' | 'runs'>) => median(runs) <= most

function written(value: number, unit: Budget['unit']): string {
  return `${value.toFixed(unit === 'ms' || value >= 100 ? 0 : value < 1 ? 3 : 1)} ${unit}`.trim()
}
