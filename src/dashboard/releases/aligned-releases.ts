/** Releases as series that begin on the day of each release. Pure. */
import type { ArtistRelease } from '../../http/releases.ts'
import type { Point } from '../graphs/axes/points.ts'
import type { Series } from '../graphs/time-graph/graph-data.ts'
import { uniqueNames } from './titles.ts'

/** A graph tells no more lines apart. */
const MOST_LINES = 5

/** The first of these that were played in their days, each with all plays up to each day; `points` are those of the longest. */
export function alignedReleases(releases: readonly ArtistRelease[]): { points: readonly Point[]; series: Series[] } {
  // What was released before the first event of the service would be a line at 0, as if nobody had listened.
  const shown = releases.filter(({ series = [] }) => series.some(({ plays }) => plays > 0)).slice(0, MOST_LINES)
  const names = uniqueNames(shown)
  const series = shown.map(({ series: points = [] }, i) => ({
    name: names[i]!,
    values: points.map(({ cumulativePlays }) => cumulativePlays ?? null),
    points,
  }))
  const points = series.reduce<readonly Point[]>(
    (most, each) => (each.points.length > most.length ? each.points : most),
    [],
  )
  return { points, series }
}
