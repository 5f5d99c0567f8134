/** What is known of a track or an album, with its figures in the range of the page. */
import type { ReleaseKpis } from '../../http/kpis.ts'
import { useView } from '../address/view.ts'
import { useAnswer } from '../requests/queries.ts'

export const releasePath = (kind: 'track' | 'album', id: string) => `/api/stats/${kind}/${encodeURIComponent(id)}/kpis`

/** The same question as that of a `KpiPanel` with this path, so that both are answered at once. */
export function useRelease(path: string) {
  const { comparedQuery, interval } = useView()
  return useAnswer<ReleaseKpis>(path, { ...comparedQuery, interval })
}

/** Whether no event and no record of the catalogue ever named it. */
export function useIsUnheard(path: string, release: ReleaseKpis | undefined): boolean {
  const saysNothing = release?.title === null && release.artistId === null && release.lastEventAt === null
  const allTime = useAnswer<ReleaseKpis>(path, {}, { enabled: saysNothing })
  return saysNothing && allTime.data?.lastEventAt === null
}
