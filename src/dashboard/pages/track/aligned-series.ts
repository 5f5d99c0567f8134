/** Series of the same calendar as lines of one graph, though of all time each begins with its own first event. */

interface PlaysPoint {
  start: string
  end: string
  plays: number
}

/** The points of all of them, and the plays of each series at these points: 0 where it has not begun. */
export function alignedSeries(series: readonly (readonly PlaysPoint[])[]) {
  const points = series.reduce((longest, each) => (each.length > longest.length ? each : longest), [])
  const values = series.map(each => {
    const plays = new Map(each.map(point => [point.start, point.plays]))
    return points.map(({ start }) => plays.get(start) ?? 0)
  })
  return { points, values }
}
