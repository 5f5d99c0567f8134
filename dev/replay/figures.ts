/** What an artist's figures must be: a plain count of facts. */
import type { Fact } from './facts.ts'

export interface ExpectedFigures {
  plays: number
  uniqueListeners: number
  likes: number
  follows: number
  purchases: number
  revenue: number
  lastEventAt: number | null
}

/** The figures of an artist's facts that happened from `from` on, before `to`. */
export function figuresOf(facts: readonly Fact[], from = -Infinity, to = Infinity): ExpectedFigures {
  const listeners = new Set<string>()
  const count = { play: 0, like: 0, follow: 0, order: 0 }
  let cents = 0
  let last = -Infinity
  for (const fact of facts) {
    if (fact.at < from || fact.at >= to || fact.skip) continue
    count[fact.kind]++
    last = Math.max(last, fact.at)
    if (fact.kind === 'play' && !fact.anonymous) listeners.add(fact.user)
    // An order of the catalogue's form is of two pieces.
    if (fact.kind === 'order') cents += fact.form === 'catalogue' ? fact.cents * 2 : fact.cents
  }
  return {
    plays: count.play,
    uniqueListeners: listeners.size,
    likes: count.like,
    follows: count.follow,
    purchases: count.order,
    revenue: cents / 100,
    lastEventAt: last === -Infinity ? null : last,
  }
}
