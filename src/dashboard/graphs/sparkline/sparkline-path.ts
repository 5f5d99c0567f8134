/** The lines of a sparkline, within 100 × 32 units. Pure. */
const WIDTH = 100
const HEIGHT = 32
const MARGIN = 3

interface SparklinePath {
  /** Of what is over; broken where there is no value. */
  over: string
  /** To the last value, where that is not over. */
  open: string | undefined
  /** `x y` of the last value; undefined without any. */
  last: string | undefined
}

export function pathOf(values: readonly (number | null)[], isLastOpen: boolean): SparklinePath {
  const known = values.filter(value => value !== null)
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)]
  const scale = (HEIGHT - 2 * MARGIN) / (high - low || 1)
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, values.length - 1)
  const places = values.map((value, i) =>
    value === null ? null : `${rounded(MARGIN + i * step)} ${rounded(HEIGHT - MARGIN - (value - low) * scale)}`,
  )
  const end = places.findLastIndex(place => place !== null)
  const [before, last] = [places[end - 1], places[end]]
  return {
    over: lineThrough(isLastOpen ? places.slice(0, end) : places),
    open: isLastOpen && before && last ? `M${before}L${last}` : undefined,
    last: last ?? undefined,
  }
}

const lineThrough = (places: readonly (string | null)[]): string =>
  places.map((place, i) => (place === null ? '' : `${i > 0 && places[i - 1] ? 'L' : 'M'}${place}`)).join('')

const rounded = (number: number): number => Math.round(number * 100) / 100
