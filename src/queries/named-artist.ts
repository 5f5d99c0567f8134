/** The artist that an id or a name means, for all that is kept per artist. */
import type { Reads } from '../storage/storage.ts'
import { Bindings, idOf } from './bindings.ts'

export interface NamedArtist {
  /** The id that the artist goes by; of a name that is bound to nobody, the name as it was asked for. */
  id: string
  /**
   * What is kept per artist is kept under the first: its id, or the folded name. The others are its other ids and the
   * names that are bound to it: what was kept before that was known is found under them.
   */
  keys: readonly [string, ...string[]]
}

/**
 * The artist that a text means, however it is spelled. `4`, the `_id` of artist 4, and ` ÑANDÚ ` where that name is bound
 * to it, are all `{ id: '4', keys: ['4', <_id>, 'ñandú'] }`; where it is bound to nobody, it is
 * `{ id: 'ÑANDÚ', keys: ['ñandú'] }`.
 */
export async function artistOf(reads: Reads, asked: string): Promise<NamedArtist> {
  const bindings = new Bindings(reads)
  const meant = await bindings.meantBy(asked)
  const key = idOf(meant)
  const subjects = await bindings.subjectsOf(key)
  const others = new Set(subjects.filter(subject => !subject.startsWith('album:')).map(idOf))
  others.delete(key)
  return { id: meant.startsWith('artist:') ? key : asked.trim(), keys: [key, ...others] }
}
