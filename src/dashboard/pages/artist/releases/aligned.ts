/** Releases as series that begin on the day of each release. Pure. */
import type { ArtistRelease } from '../../../../http/releases.ts'
import type { Point } from '../../../graphs/axes/points.ts'
import type { Series } from '../../../graphs/time-graph/graph-data.ts'

/** A graph tells no more lines apart. */
const MOST_LINES = 5

interface Aligned {
  /** Those of the longest series. */
  points: readonly Point[]
  series: Series[]
}

/** The first releases of these that have plays in their days, each with all plays up to each day; names are told apart. */
export function alignedSeries(releases: readonly ArtistRelease[]): Aligned {
  const shown = releases.filter(({ series = [] }) => series.some(({ plays }) => plays > 0)).slice(0, MOST_LINES)
  const names = shown.map(nameOf)
  const series = shown.map((release, i) => ({
    name: names.indexOf(names[i]!) === i ? names[i]! : `${names[i]} (${release.id})`,
    values: (release.series ?? []).map(({ cumulativePlays }) => cumulativePlays ?? null),
    points: release.series ?? [],
  }))
  const longest = series.reduce<readonly Point[]>(
    (most, { points }) => (points.length > most.length ? points : most),
    [],
  )
  return { points: longest, series }
}

const nameOf = ({ title, id }: ArtistRelease) => title ?? id
