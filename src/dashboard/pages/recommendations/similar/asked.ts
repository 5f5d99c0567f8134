/** What the items of the card are similar to, as the address says it. */
import { type Changes, useParameters } from '../../../address/parameters.ts'
import type { Linked } from '../../../address/paths.ts'
import { SIMILAR_TO } from '../../../recommendations/similar.ts'

export type Asked =
  | { to: 'item'; kind: Linked; id: string }
  /** `excludeId`: an album; empty for none. */
  | { to: 'genre'; genre: string; excludeId: string }
  | { to: 'nothing' }

/** Takes back all that the address asks. */
export const NOTHING_ASKED: Changes = { artistId: null, albumId: null, trackId: null, genre: null, excludeId: null }

/** Of several that an address names, an item comes before a genre, and the first of them is meant. */
export function readAsked(parameters: URLSearchParams): Asked {
  const read = (name: string) => parameters.get(name)?.trim() ?? ''
  for (const kind of ['artist', 'album', 'track'] as const) {
    const id = read(SIMILAR_TO[kind])
    if (id !== '') return { to: 'item', kind, id }
  }
  const genre = read('genre')
  return genre === '' ? { to: 'nothing' } : { to: 'genre', genre, excludeId: read('excludeId') }
}

export function useAsked() {
  const { parameters, change } = useParameters()
  return {
    asked: readAsked(parameters),
    askItem: (kind: Linked, id: string) => change({ ...NOTHING_ASKED, [SIMILAR_TO[kind]]: id }),
    askGenre: (genre: string, excludeId: string) =>
      change({ ...NOTHING_ASKED, genre: genre || null, excludeId: excludeId || null }),
  }
}
