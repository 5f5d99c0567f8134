/** What happens at a moment, as a plain scan of all events gives it: the measure of `src/live` and of `live-history.ts`. */
import type { Naive } from './naive.ts'
import { naiveOrder } from './naive-order.ts'
import type { NaiveEvent } from './naive-rules.ts'

export interface NaiveCounts {
  events: number
  plays: number
  listeners: number
}

export interface NaiveLive extends NaiveCounts {
  tracks: { id: string; plays: number }[]
}

/** How often each event counts for whom it is asked: once for the platform, once a credit for an artist. */
function weigh(naive: Naive, events: readonly NaiveEvent[], artistId: string | undefined) {
  const owners = artistId === undefined ? null : naive.ownersAskedFor(artistId)
  return events
    .filter(({ counted }) => counted)
    .map(event => {
      const credits = owners === null ? 1 : event.credits.filter(({ key }) => owners.includes(naive.owner(key))).length
      return { ...event, plays: event.measure === 'plays' ? credits : 0, isIn: credits > 0 && event.credits.length > 0 }
    })
    .filter(({ isIn }) => isIn)
}

type Weighed = ReturnType<typeof weigh>

function countsOf(arrived: Weighed, heard: Weighed): NaiveCounts {
  const listeners = heard.filter(({ plays, listener }) => plays > 0 && listener !== undefined)
  return {
    events: arrived.length,
    plays: arrived.reduce((sum, { plays }) => sum + plays, 0),
    listeners: new Set(listeners.map(({ listener }) => listener)).size,
  }
}

/** `before`: how many of the events had arrived at the message before. */
export function naiveLive(
  naive: Naive,
  events: readonly NaiveEvent[],
  before: number,
  artistId: string | undefined,
  at: number,
): NaiveLive {
  const recent = weigh(naive, events, artistId).filter(event => event.at > at - 300_000 && event.at <= at)
  const tracks = new Map<string, number>()
  for (const { track, plays } of recent) {
    if (track !== undefined && plays > 0) tracks.set(track, (tracks.get(track) ?? 0) + plays)
  }
  return {
    ...countsOf(weigh(naive, events.slice(before), artistId), recent),
    tracks: [...tracks]
      .map(([track, plays]) => ({ id: track.slice('track:'.length), plays }))
      .sort((a, b) => b.plays - a.plays || naiveOrder(a.id, b.id))
      .slice(0, 10),
  }
}

/** Each minute of the last 48 hours that has events, by the instant of its beginning. */
export function naiveHistory(
  naive: Naive,
  events: readonly NaiveEvent[],
  artistId: string | undefined,
  now: number,
): Map<number, NaiveCounts> {
  const minutes = new Map<number, NaiveCounts>()
  const all = weigh(naive, events, artistId)
  for (let back = 0; back < 2_880; back++) {
    const start = now - (((now % 60_000) + 60_000) % 60_000) - back * 60_000
    const inMinute = all.filter(({ at }) => at >= start && at < start + 60_000 && at <= now)
    if (inMinute.length > 0) minutes.set(start, countsOf(inMinute, inMinute))
  }
  return minutes
}
