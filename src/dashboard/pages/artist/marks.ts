/** What happened to an artist, as marks of the graph over time. Pure. */
import type { Milestones } from '../../../http/milestones.ts'
import type { ArtistRelease } from '../../../http/releases.ts'
import { localTimes } from '../../graphs/axes/local-times.ts'
import type { Mark } from '../../graphs/time-graph/graph-data.ts'

type Milestone = Milestones['items'][number]

/** Those with a day, in the zone of the graph. */
export function releaseMarks(
  releases: readonly ArtistRelease[],
  tz: string,
  markOf: (release: ArtistRelease) => Omit<Mark, 'at'>,
): Mark[] {
  return releases.flatMap(release =>
    release.releaseDate === null ? [] : [{ at: startOfDay(release.releaseDate, tz), ...markOf(release) }],
  )
}

/** Of each measure the highest that was reached in a day: a day with three of them has three words too many. */
export function milestoneMarks(milestones: readonly Milestone[], labelOf: (milestone: Milestone) => string): Mark[] {
  const highest = new Map<string, Milestone>()
  for (const each of milestones) {
    const place = `${each.measure} ${each.at.slice(0, 'YYYY-MM-DD'.length)}`
    if (each.reached > (highest.get(place)?.reached ?? 0)) highest.set(place, each)
  }
  return [...highest.values()].map(each => ({ at: each.at, label: labelOf(each) }))
}

/** The instant at which a day, `YYYY-MM-DD`, begins in a time zone; ISO 8601. */
export function startOfDay(day: string, tz: string): string {
  const shown = Date.parse(day)
  const offsetAt = (instant: number) => localTimes([instant], tz)[0]! - instant
  const near = shown - offsetAt(shown)
  return new Date(shown - offsetAt(near)).toISOString()
}
