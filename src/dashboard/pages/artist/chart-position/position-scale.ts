/** Where the positions of a chart stand in a graph: the first at the top, for a lower number is better. Pure. */
import type { PositionWeek } from '../../../../http/position.ts'

/** A week with its place in the graph, in shares of its width and height from the top left. */
interface PlacedWeek {
  week: PositionWeek
  x: number
  /** Null where the artist had no position. */
  y: number | null
}

interface PositionScale {
  weeks: PlacedWeek[]
  /** Positions that the axis names, from 1, with their share of the height from the top. */
  ticks: { position: number; y: number }[]
}

const MOST_TICKS = 5

/** The weeks from the first with a position on. */
export function positionScale(all: readonly PositionWeek[]): PositionScale {
  const first = all.findIndex(({ position }) => position !== null)
  const weeks = first === -1 ? [] : all.slice(first)
  const ticks = positionTicks(Math.max(1, ...weeks.map(({ position }) => position ?? 1)))
  const lowest = ticks.at(-1)!
  const y = (position: number) => (position - 1) / Math.max(1, lowest - 1)
  return {
    weeks: weeks.map((week, i) => ({
      week,
      x: weeks.length === 1 ? 0.5 : i / (weeks.length - 1),
      y: week.position === null ? null : y(week.position),
    })),
    ticks: ticks.map(position => ({ position, y: y(position) })),
  }
}

/** Round positions from 1 to at least the lowest one: 1, 10, 20, 30. */
export function positionTicks(lowest: number): number[] {
  const step = stepFor(lowest)
  const ticks = [1]
  for (let next = step === 1 ? 2 : step; ticks.at(-1)! < lowest; next += step) ticks.push(next)
  return ticks
}

/** 1, 2, 5, 10, 20, … */
function stepFor(lowest: number): number {
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) if ((lowest - 1) / (digit * power) <= MOST_TICKS - 1) return digit * power
  }
}

/** The line through neighbouring weeks with a position, as the data of SVG paths in a box of 100 by 100; gaps part it. */
export function positionPaths(weeks: readonly PlacedWeek[]): { over: string; open: string } {
  let over = ''
  let open = ''
  for (const [i, { week, x, y }] of weeks.entries()) {
    if (y === null) continue
    const before = weeks[i - 1]
    const to = `${round(x)} ${round(y)}`
    if (before?.y == null) over += `M${to}`
    else if (week.isOver) over += `L${to}`
    else open += `M${round(before.x)} ${round(before.y)}L${to}`
  }
  return { over, open }
}

const round = (share: number) => Math.round(share * 10_000) / 100
