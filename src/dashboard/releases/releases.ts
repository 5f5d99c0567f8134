/** The releases of an artist as the pages ask for them: the newest ones, with their first 90 days. */
import type { ArtistReleases } from '../../http/releases.ts'
import { useView } from '../address/view.ts'
import { useAnswer } from '../requests/queries.ts'
import type { Parameters } from '../requests/request.ts'

export const FIRST_DAYS = 90
/** The most that the API lists at once. */
export const MOST_RELEASES = 100

/** The question for all of them with their series; it does not depend on the range of the page. */
export function useReleasesQuestion(artistId: string): { path: string; parameters: Parameters } {
  const { tz } = useView()
  const path = `/api/stats/artist/${encodeURIComponent(artistId)}/releases`
  return { path, parameters: { tz, align: 'release', days: FIRST_DAYS, limit: MOST_RELEASES } }
}

/** The answer; nothing is asked until the artist is known. */
export function useReleases(artistId: string | null | undefined, isWanted = true) {
  const { path, parameters } = useReleasesQuestion(artistId ?? '')
  return useAnswer<ArtistReleases>(path, parameters, { enabled: isWanted && Boolean(artistId) })
}
