/** The result of every strategy. */

/** A track, album or artist of the listener, which explains a recommendation. */
export interface OwnItem {
  type: 'track' | 'album' | 'artist'
  /** Unique within its type; of a track, its key. */
  id: string
  /** Only of a track whose album is known. */
  albumId?: string
  /** The track's id within `albumId`. */
  trackId?: string
  /** The title, or the artist's name; null where it is not known. */
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
  /** From 0 to 1, never growing along a list; comparable within one list only. */
  score: number
  /** Of the greatest weight first. */
  because: OwnItem[]
}
