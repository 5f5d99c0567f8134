/** The rows of a ranking. */
import type { Album, Artist, Keyed, Track } from './describe.ts'

/** What a row says of its position in the ranking. */
export interface RankingPosition extends Keyed {
  /** Plays or net follows in the window. */
  count: number
  /** From 1. */
  rank: number
  /** The rank by count in the window before; null where the count was zero then. */
  previousRank: number | null
  previousCount: number
  /** `mode=rising`: see `ranking.ts`. */
  score?: number
  /** `mode=rising`: the parts of the score. */
  growth?: { count: number; previousCount: number; shrinkage: number }
}

export type TrackRow = RankingPosition & Track
export type AlbumRow = RankingPosition & Album
export type ArtistRow = RankingPosition & Artist
export type TrendingRow = TrackRow | AlbumRow | ArtistRow
