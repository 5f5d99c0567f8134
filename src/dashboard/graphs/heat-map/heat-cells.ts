/** The hours of a week in a heat map: where a key moves, and how strong the colour of a cell is. Pure. */
export const WEEKDAYS = 7
const HOURS = 24
/** Above none. */
export const STEPS = 5

/** `weekday` is that of ISO 8601, from 1 for Monday. */
export interface HeatCell {
  weekday: number
  hour: number
  value: number
}

/** 0 for nothing, then from 1 to `STEPS` by equal shares of the highest value. */
export const stepOf = (value: number, highest: number): number =>
  value <= 0 ? 0 : Math.max(1, Math.ceil((value / highest) * STEPS))

/** The values by weekday and hour, zeros where no cell is given. */
export function gridOf(cells: readonly HeatCell[]): number[][] {
  const grid = Array.from({ length: WEEKDAYS }, () => new Array<number>(HOURS).fill(0))
  for (const { weekday, hour, value } of cells) grid[weekday - 1]![hour] = value
  return grid
}

const MOVES: ReadonlyMap<string, (at: CellPlace) => CellPlace> = new Map([
  ['ArrowLeft', ({ day, hour }) => ({ day, hour: hour - 1 })],
  ['ArrowRight', ({ day, hour }) => ({ day, hour: hour + 1 })],
  ['ArrowUp', ({ day, hour }) => ({ day: day - 1, hour })],
  ['ArrowDown', ({ day, hour }) => ({ day: day + 1, hour })],
  ['Home', ({ day }) => ({ day, hour: 0 })],
  ['End', ({ day }) => ({ day, hour: HOURS - 1 })],
])

/** The cell after a key, as its place from 0 in each direction; undefined for a key of no meaning here. */
export function cellAfterKey(key: string, at: CellPlace): CellPlace | undefined {
  const to = MOVES.get(key)?.(at)
  return to && { day: within(to.day, WEEKDAYS), hour: within(to.hour, HOURS) }
}

export interface CellPlace {
  day: number
  hour: number
}

const within = (place: number, count: number) => Math.min(count - 1, Math.max(0, place))
