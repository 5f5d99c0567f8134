/** Answers that several parts of an artist's page need: each question is asked once. `path` is that of the artist's figures in the API. */
import type { Milestones } from '../../../http/milestones.ts'
import type { ArtistReleases } from '../../../http/releases.ts'
import { useView } from '../../address/view.ts'
import { MOST_RELEASES } from '../../releases/releases.ts'
import { useAnswer } from '../../requests/queries.ts'

/** What was reached in the range, and how far it is to what comes next. */
export function useMilestones(path: string) {
  const { rangeQuery } = useView()
  return useAnswer<Milestones>(`${path}/milestones`, rangeQuery)
}

/** The releases of all time without their series, which are further below. */
export function useReleaseDates(path: string) {
  const { tz } = useView()
  return useAnswer<ArtistReleases>(`${path}/releases`, { tz, limit: MOST_RELEASES })
}
