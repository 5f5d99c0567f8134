/** What the search knows of an artist, for the history names artists by their ids alone. */
import type { SearchResult } from '../../../http/search.ts'
import { useAnswer } from '../../requests/queries.ts'

/** The longest text that can be searched for. */
const MOST_CHARACTERS = 200

/** Name and picture of the artist; undefined while they are not known. */
export function useArtist(artistId: string): SearchResult['items'][number] | undefined {
  const { data } = useAnswer<SearchResult>(
    '/api/stats/search',
    { q: artistId, kind: 'artist', limit: 1 },
    { enabled: artistId.length <= MOST_CHARACTERS, refetchInterval: false },
  )
  return data?.items.find(({ entityId }) => entityId === artistId)
}
