/** The name and the picture of an artist, which its figures do not have. */
import type { MostPlayed } from '../../../../http/most-played.ts'
import type { SearchResult } from '../../../../http/search.ts'
import { useAnswer } from '../../../requests/queries.ts'
import { artistAmong } from './profile.ts'

export interface Profile {
  /** Undefined until it is known; the id where nothing tells a name. */
  name: string | undefined
  picture: string | null | undefined
}

/** What the API searches for has at most so many characters. */
const MAX_QUERY = 200

/** As the search knows the artist, else as one of its tracks is signed, else by its id. */
export function useProfile(artistId: string): Profile {
  const canBeSearched = artistId.length <= MAX_QUERY
  const options = { refetchInterval: false } as const
  const search = useAnswer<SearchResult>(
    '/api/stats/search',
    { q: artistId, kind: 'artist', limit: 5 },
    { ...options, enabled: canBeSearched },
  )
  const found = artistAmong(search.data?.items ?? [], artistId)
  const isUnnamed = !canBeSearched || search.isError || (search.data !== undefined && !found?.name)
  const tracks = useAnswer<MostPlayed>(
    `/api/stats/artist/${encodeURIComponent(artistId)}/tracks`,
    { limit: 1 },
    { ...options, enabled: isUnnamed },
  )
  const signed = tracks.data?.items[0]?.artistName
  const isOver = isUnnamed && (tracks.isSuccess || tracks.isError)
  return { name: found?.name ?? signed ?? (isOver ? artistId : undefined), picture: found?.profileImage }
}
