/**
 * Ids that look like an artist's `_id` of whom the catalogue has told nothing. Whose they are only the list of artists
 * says: under such an id alone the catalogue answers nothing.
 */
import { FACTS } from '../content/facts.ts'
import { SUBJECT_KPIS } from '../projections/subject-kpis.ts'
import { ALWAYS, type Instant, type Reads } from '../storage/storage.ts'
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

/** Those for whom something was counted, at most `limit`, the latest first: older ones have been looked for before. */
export async function unlistedArtists(reads: Reads, limit: number): Promise<string[]> {
  const totals = await reads.totals(SUBJECT_KPIS.name, { field: 'plays', latest: 'last' }, [ALWAYS])
  const counted: { id: string; last: Instant }[] = []
  for (let row = 0; row < totals.length; row++) {
    const subject = totals.key(row)
    const id = idOf(subject)
    if (subject.startsWith('artist:') && looksLikeAnId(id)) counted.push({ id, last: totals.latest[0]![row]! })
  }
  const latestFirst = counted.sort((a, b) => b.last - a.last).map(({ id }) => id)
  return (await unlistedAmong(reads, latestFirst)).slice(0, limit)
}
