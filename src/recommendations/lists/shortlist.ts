/** The items of which a list is made: the best of those that are not left out. */
import type { Model } from '../model/model.ts'
import { type Capped, capByArtist } from './artist-cap.ts'
import { bestItems } from './best-items.ts'

/**
 * The best `size` items of positive score that are within the cap of their artists, the best first. Where there are fewer, `beyond`
 * has all others.
 */
export function shortlist(
  scores: ArrayLike<number>,
  isLeftOut: (item: number) => boolean,
  artists: Model['artists'],
  size: number,
): Capped<number> {
  for (let count = 2 * size; ; count *= 4) {
    const best = bestItems(scores, isLeftOut, count)
    const { within, beyond } = capByArtist(best, item => artists[item])
    if (within.length >= size || best.length < count) return { within: within.slice(0, size), beyond }
  }
}
