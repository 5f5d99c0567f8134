/** The rows of a ranking. */
import type { Album, Artist, Keyed, Track } from './describe.ts'

/** What a row says of its position in the ranking. */
export interface RankingPosition extends Keyed {
  /** Eligible plays of tracks and albums, net follows of artists, in the window. */
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

export type ExclusionReason = 'listener_limit' | 'anonymous_limit'

/** The plays of the window. */
export interface RankedPlays {
  plays: number
  /** Those that the order is by: `plays` without what is excluded. */
  eligiblePlays: number
  /** Only reasons for which something is. */
  excluded: { reason: ExclusionReason; plays: number }[]
}

export type TrackRow = RankingPosition & RankedPlays & Track
export type AlbumRow = RankingPosition & RankedPlays & Album
export type ArtistRow = RankingPosition & Artist
export type TrendingRow = TrackRow | AlbumRow | ArtistRow
