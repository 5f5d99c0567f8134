/** Who an artist is, from what answers say of it. Pure. */
import type { Milestones } from '../../../../http/milestones.ts'
import type { ArtistReleases } from '../../../../http/releases.ts'
import type { SearchResult } from '../../../../http/search.ts'

type Found = SearchResult['items'][number]

/**
 * The artist with this id among those that a search for the id found: by its id, by its other id in the catalogue, or by its
 * name, for an artist may be asked for by each. An id that only begins in the same way is another artist.
 */
export function artistAmong(items: readonly Found[], id: string): Found | undefined {
  return (
    items.find(({ entityId }) => entityId === id) ??
    items.find(({ match, entityId }) => match === 'id' && !beginsWith(entityId ?? '', id)) ??
    items.find(({ name }) => name?.toLowerCase() === id.toLowerCase())
  )
}

const beginsWith = (text: string, beginning: string) => text.toLowerCase().startsWith(beginning.toLowerCase())

/** Whether nothing of an artist was ever counted, and the catalogue names no release; false while that is not known. */
export function isUnheard(milestones: Milestones | undefined, releases: ArtistReleases | undefined): boolean {
  return milestones?.next.every(({ count }) => count === 0) === true && releases?.items.length === 0
}
