/** The plays of the last minutes up to this second: those of the last history, and those that have arrived since. Pure. */
import type { LiveHistory, LiveMessage } from '../../../http/live.ts'

const MINUTE_MS = 60_000

/** What a message of the stream adds. */
type Arrival = Pick<LiveMessage, 'at' | 'plays'>

/** The messages since a history was answered, which has the plays of all messages before. */
export interface Arrivals {
  /** The last message. */
  message: LiveMessage | undefined
  /** Milliseconds: when the history was answered. */
  answeredAt: number
  since: readonly Arrival[]
}

/** With another message, or with another history. */
export function nextArrivals(last: Arrivals, message: LiveMessage | undefined, answeredAt: number): Arrivals {
  const since = answeredAt === last.answeredAt ? last.since : []
  return { message, answeredAt, since: message && message !== last.message ? [...since, message] : since }
}

/**
 * The plays of so many minutes, the present one last. What has arrived counts in the minute in which it arrived; the next
 * history has it in the one in which it happened.
 */
export function lastMinutes(history: LiveHistory['series'], arrivals: readonly Arrival[], count: number): number[] {
  const plays = new Map<number, number>()
  const add = (at: string, more: number) => {
    const minute = Math.floor(Date.parse(at) / MINUTE_MS)
    plays.set(minute, (plays.get(minute) ?? 0) + more)
  }
  for (const each of history.slice(-count)) add(each.start, each.plays)
  for (const each of arrivals) add(each.at, each.plays)
  const present = Math.max(...plays.keys())
  return Array.from({ length: count }, (_, index) => plays.get(present - count + 1 + index) ?? 0)
}
