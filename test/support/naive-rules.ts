/**
 * What one event says, adds and teaches, as a plain reading of the rules, whose sentences are quoted where each is followed:
 * the measure of `src/attribution/credits.ts`, of which nothing but types is used here.
 */
import type { CreditedEvent } from '../../src/attribution/credits.ts'
import type { CountedType, EventType, IngestedEvent, Metadata } from '../../src/events/event.ts'
import type { Measure } from '../../src/storage/figures.ts'
import { eachOnce, naiveLessons } from './naive-associations.ts'
import { isFeedback, naiveFeedback } from './naive-feedback.ts'
import { attributionKeysOf, listenerOf, namedByEvent } from './naive-named.ts'
import { creditsOfLine, naiveLines } from './naive-orders.ts'
import type { PlainRefs } from './ref.ts'

export type NaiveEvent = PlainRefs<CreditedEvent>

const MEASURES: Record<CountedType, Measure> = {
  'track.played': 'plays',
  'track.liked': 'likes',
  'track.unliked': 'likes',
  'artist.followed': 'follows',
  'artist.unfollowed': 'follows',
  'order.paid': 'purchases',
  'order.refunded': 'purchases',
}

/** 'and their opposites `track.unliked`, `artist.unfollowed`, `order.refunded`' */
const OPPOSITES: readonly EventType[] = ['track.unliked', 'artist.unfollowed', 'order.refunded']

/**
 * Whether a play does not count, where half a minute counts. 'A play with `playedMs` under 30 s and under half of
 * `durationMs` is a skip; a `durationMs` of 0 is an unknown length (then under 30 s is a skip), and `playedMs: 0` is always
 * one.'
 */
export function naiveSkip({ playedMs, durationMs }: Metadata): boolean {
  if (playedMs === undefined) return false
  if (playedMs === 0) return true
  if (durationMs === undefined || playedMs >= 30_000) return false
  return durationMs === 0 || playedMs < durationMs / 2
}

export function naiveCredits(ingested: IngestedEvent): NaiveEvent {
  const { event, decision } = ingested
  const { eventType, timestamp, metadata = {} } = event
  // 'They add nothing to plays, likes, follows, purchases, revenue, listeners'
  if (isFeedback(eventType)) {
    const feedback = naiveFeedback(event)
    return { at: timestamp, measure: null, by: 0, counted: false, credits: [], associations: [], feedback }
  }
  const { track, ...named } = namedByEvent(event)
  const measure = MEASURES[eventType]
  const by = OPPOSITES.includes(eventType) ? -1 : 1
  const lines = measure === 'purchases' ? naiveLines(ingested, named) : []
  const { title, genre } = metadata
  const ofItems = metadata.items ? lines.flatMap(({ named, genre }) => naiveLessons({ ...named, genre })) : []
  const listener = listenerOf(event)
  return {
    at: timestamp,
    measure,
    by,
    // 'a skip: kept in the log, not counted'
    counted: decision.skipped !== true,
    credits:
      measure === 'purchases'
        ? lines.flatMap(line => creditsOfLine(line, by))
        : // 'Several artists are each credited with the play, like or follow'
          attributionKeysOf(named).map((key, part) => ({
            key,
            measure,
            by,
            part,
            ...(named.album !== undefined && { album: `album:${named.album}` }),
          })),
    associations: eachOnce([...naiveLessons({ ...named, track, title, genre }), ...ofItems]),
    ...(listener !== undefined && { listener }),
    ...(track !== undefined && { track: `track:${track}` }),
    ...(named.album !== undefined && { album: `album:${named.album}` }),
  }
}
