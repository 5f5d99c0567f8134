/** Popular artists, as recommendations: for a listener of whom nothing is known, and to fill up a list. */
import type { ListenerProfile } from './listener-profile.ts'
import type { PopularArtist } from './popular-artists.ts'
import type { Recommendation } from './recommendation.ts'

/**
 * At most `limit` artists whom the listener does not have, in the order given. The score is count / greatest count among
 * them: from above 0 to 1. After other recommendations it is `below` × count / (1 + greatest count), so that all of it is
 * below their last score; in the same way, who is here by plays is scored below who is here by follows.
 */
export function recommendPopular(
  artists: readonly PopularArtist[],
  { hadArtists }: Pick<ListenerProfile, 'hadArtists'>,
  limit: number,
  below?: number,
): Recommendation[] {
  const fresh = artists.filter(({ id }) => !hadArtists.has(id))
  const followed = scored(ofCount(fresh, 'follows'), below)
  const played = scored(ofCount(fresh, 'plays'), followed.at(-1)?.score ?? below)
  return [...followed, ...played].slice(0, limit)
}

const ofCount = (artists: readonly PopularArtist[], countOf: PopularArtist['countOf']): PopularArtist[] =>
  artists.filter(artist => artist.countOf === countOf)

function scored(artists: readonly PopularArtist[], below: number | undefined): Recommendation[] {
  const greatest = artists.reduce((most, { count }) => Math.max(most, count), 0)
  return artists.map(({ id, name, count }) => {
    const score = below === undefined ? count / greatest : (below * count) / (greatest + 1)
    return { id, type: 'artist', title: name, coverImage: null, artist: name, reason: 'popular', score, because: [] }
  })
}
