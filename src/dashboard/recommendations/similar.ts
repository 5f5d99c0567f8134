/** The question for what is similar to something. */

import type { SimilarAlbum } from '../../http/recommendations.ts'
import type { Linked } from '../address/paths.ts'
import { useAnswer } from '../requests/queries.ts'

/** The parameter, of the API and of the page's address, that says what the items are similar to. */
export const SIMILAR_TO: Readonly<Record<Linked, string>> = { artist: 'artistId', album: 'albumId', track: 'trackId' }

interface Asked {
  limit: number
  enabled?: boolean
}

/** Those nearest first, of the same kind. */
export function useSimilar(kind: Linked, id: string, { limit, enabled = true }: Asked) {
  return useAnswer<SimilarAlbum[]>(
    '/api/recommendations/similar',
    { [SIMILAR_TO[kind]]: id, limit },
    { enabled, refetchInterval: false },
  )
}
