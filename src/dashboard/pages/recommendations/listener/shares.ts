/** What a score is made of: the shares of the listener's own items, the strongest apart, the others together. Pure. */
import type { OwnItem } from '../../../../http/recommendations.ts'

/** As many as a reader tells apart at a glance, and as many colours as there are. */
const STRONGEST = 5

export interface Shares {
  /** At most five, the greatest share first. */
  strongest: OwnItem[]
  /** The rest of those that raise the score, or leave it. */
  others: Together
  /** Those that lower it. */
  against: Together
  /** All shares together. */
  sum: number
}

interface Together {
  count: number
  share: number
}

/** With shares .3, .1 and −.05: two are the strongest, there are no others, one is against, and the sum is .35. */
export function sharesOf(because: readonly OwnItem[]): Shares {
  const raising = because.filter(({ share }) => share >= 0).sort((a, b) => b.share - a.share)
  return {
    strongest: raising.slice(0, STRONGEST),
    others: together(raising.slice(STRONGEST)),
    against: together(because.filter(({ share }) => share < 0)),
    sum: together(because).share,
  }
}

function together(items: readonly OwnItem[]): Together {
  return { count: items.length, share: items.reduce((sum, { share }) => sum + share, 0) }
}
