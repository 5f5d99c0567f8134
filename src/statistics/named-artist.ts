/** The artist that an id or a name means, for what the service keeps per artist, such as alerts. */
import { KEYS_OF_OWNER, ownerMeantBy } from '../attribution/attribution.ts'
import { foldText } from '../identity/fold-text.ts'
import type { Snapshot } from '../storage/figures.ts'

export interface NamedArtist {
  /** The id that the artist goes by; of a name that is bound to no artist, the name as it was asked for. */
  id: string
  /**
   * First the key under which data of the artist is written: its id, or the folded name. The others are its other ids and
   * the names that are bound to it: under them lies what was written before the artist's id was known.
   */
  keys: readonly [string, ...string[]]
}

/**
 * The artist that a text means, however it is spelled. `4`, the `_id` of artist 4, and ` ÑANDÚ ` where that name is bound
 * to it, are all `{ id: '4', keys: ['4', <_id>, 'ñandú'] }`; where it is bound to no artist, it is
 * `{ id: 'ÑANDÚ', keys: ['ñandú'] }`.
 */
export async function artistOf(reads: Snapshot, asked: string): Promise<NamedArtist> {
  const owner = await ownerMeantBy(reads, asked)
  if (owner === undefined) return { id: asked.trim(), keys: [foldText(asked)] }
  const rows = await reads.rows<{ isOwner: boolean; kind: string; text: string }>(
    `SELECT id = $owner AS "isOwner", kind, text FROM names
     WHERE id IN ${KEYS_OF_OWNER} AND kind <> 'album'
     ORDER BY id`,
    { owner },
  )
  const { kind, text: key } = rows.find(({ isOwner }) => isOwner)!
  const others = new Set(rows.map(({ text }) => text))
  others.delete(key)
  return { id: kind === 'artist' ? key : asked.trim(), keys: [key, ...others] }
}
