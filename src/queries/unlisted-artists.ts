/**
 * Ids that look like an artist's `_id` of whom the catalogue has told nothing. Whose they are only the list of artists
 * says: under such an id alone the catalogue answers nothing.
 */
import { FACTS } from '../content/facts.ts'
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { ALWAYS, type Reads } from '../storage/storage.ts'
import { idOf } from './bindings.ts'

const LIKE_AN_ID = /^[0-9a-f]{24}$/i

export const looksLikeAnId = (artistId: string): boolean => LIKE_AN_ID.test(artistId)

/** Those of the ids. */
export async function unlistedAmong(reads: Reads, artistIds: readonly string[]): Promise<string[]> {
  const ids = artistIds.filter(looksLikeAnId)
  const told = await reads.documents(
    FACTS,
    ids.map(id => `artist:${id}`),
  )
  return ids.filter(id => !told.has(`artist:${id}`))
}

/** Those for whom something was counted, at most `limit`, in no particular order. */
export async function unlistedArtists(reads: Reads, limit: number): Promise<string[]> {
  const totals = await reads.totals(SUBJECT_KPIS.name, { field: 'plays', latest: 'last' }, [ALWAYS])
  const counted: string[] = []
  for (let row = 0; row < totals.length; row++) {
    const subject = totals.key(row)
    if (subject.startsWith('artist:') && looksLikeAnId(idOf(subject))) counted.push(idOf(subject))
  }
  return (await unlistedAmong(reads, counted)).slice(0, limit)
}
