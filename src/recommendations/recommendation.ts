/** The result of every strategy. */
import type { Strategy } from '../identity/recommendation-id.ts'

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

/** An item of the listener, and the part of a score that it brings. */
export interface Because extends OwnItem {
  share: number
}

export interface Recommendation {
  id: string
  type: 'album' | 'track' | 'artist'
  /** Only of a track whose album is known. */
  albumId?: string
  /** The track's id within `albumId`. */
  trackId?: string
  /** Of an artist, the name. */
  title: string | null
  coverImage: string | null
  /** The artist's name. */
  artist: string | null
  /** `genre:<genre>`, `similar:<id>` or `popular`. */
  reason: string
  /** From 0 to 1; comparable within one list only. What the order is by, but for exploration and diversity. */
  score: number
  strategy: Strategy
  /** Whether it came before better ones so that a small artist is in the list. */
  exploration: boolean
  /** Of the greatest share first; the shares add up to the score. Empty of popular items. */
  because: Because[]
}
