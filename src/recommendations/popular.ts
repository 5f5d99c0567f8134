/** Recommends what is popular: to listeners without events, and at the end of short lists. */
import type { ListenerProfile } from './listener-profile.ts'
import type { PopularArtist } from './popular-artists.ts'
import type { Recommendation } from './recommendation.ts'

/**
 * At most `limit` artists that the listener does not have, in the given order. score = count / greatest count: above 0, at most
 * 1. After other recommendations, whose last score is `below`, score = below × count / (1 + greatest count), which is less
 * than `below`. In the same way artists with plays alone are scored below those with follows.
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
    const how = { strategy: 'popular', exploration: false } as const
    return {
      id,
      type: 'artist',
      title: name,
      coverImage: null,
      artist: name,
      reason: 'popular',
      score,
      ...how,
      because: [],
    }
  })
}
