/** What every strategy answers with, so that their lists can be joined and shown the same way. */

/** Something of the listener's own, by which a recommendation is explained. */
export interface OwnItem {
  type: 'track' | 'album' | 'artist'
  /** Unique among all of its type: of a track, its key. */
  id: string
  /** Of a track whose album is known, as is its id inside that. */
  albumId?: string
  trackId?: string
  /** The title, or the artist's name; null where nobody said. */
  title?: string | null
}

export interface Recommendation {
  id: string
  type: 'album' | 'track' | 'artist'
  /** Of an artist, the name. */
  title: string | null
  coverImage: string | null
  /** The artist's name. */
  artist: string | null
  /** `genre:<genre>`, `similar:<id>` or `popular`. */
  reason: string
  /** From 0 to 1, never growing down a list; comparable within one list only. */
  score: number
  /** Strongest first. */
  because: OwnItem[]
}
