/**
 * What rankings leave out of plays, as a plain reading of the rule, whose sentences are quoted where each is followed: every
 * play is put into the heap of its entity, unit, day and listener, and the heaps are counted.
 */
import type { NaiveEvent } from './naive-rules.ts'

/** By entity. */
export type NaiveExcluded = Map<string, { listener: number; anonymous: number }>

/** 'a UTC day' */
const utcDay = (at: number): string => new Date(at).toISOString().slice(0, -14)

const NOBODY = ''

/**
 * `events`: plays of the window. `entitiesOf`: what each is a play of: one entity, or one for each of its credits. `limit`:
 * null where it is off.
 */
export function naiveExcluded(
  events: readonly NaiveEvent[],
  entitiesOf: (event: NaiveEvent) => string[],
  limit: number | null,
): NaiveExcluded {
  const excluded: NaiveExcluded = new Map()
  if (limit === null) return excluded
  for (const heap of heapsOf(events, entitiesOf)) {
    const { entity, plays } = heap
    const known = [...plays].filter(([listener]) => listener !== NOBODY).map(([, count]) => count)
    // 'of one listener at most CHART_PLAYS_PER_LISTENER of a track a UTC day'
    const eligible = known.map(count => Math.min(count, limit)).reduce((a, b) => a + b, 0)
    const counted = known.reduce((a, b) => a + b, 0)
    // 'plays of nobody known count at most as often as plays of known listeners …, or 50 where those are fewer'
    const anonymous = plays.get(NOBODY) ?? 0
    const tooMany = Math.max(0, anonymous - Math.max(limit, eligible))
    const sum = excluded.get(entity) ?? { listener: 0, anonymous: 0 }
    excluded.set(entity, { listener: sum.listener + counted - eligible, anonymous: sum.anonymous + tooMany })
  }
  return excluded
}

interface Heap {
  entity: string
  /** Of each listener. */
  plays: Map<string, number>
}

function heapsOf(events: readonly NaiveEvent[], entitiesOf: (event: NaiveEvent) => string[]): Iterable<Heap> {
  const heaps = new Map<string, Heap>()
  for (const event of events) {
    for (const [i, entity] of entitiesOf(event).entries()) {
      const name = JSON.stringify([entity, unitOf(event, i), utcDay(event.at)])
      const heap = heaps.get(name) ?? { entity, plays: new Map<string, number>() }
      const listener = event.listener ?? NOBODY
      heap.plays.set(listener, (heap.plays.get(listener) ?? 0) + 1)
      heaps.set(name, heap)
    }
  }
  return heaps.values()
}

/** 'of a track': the track that a play names, else its album, else the attribution key of the credit. */
function unitOf({ track, album, credits }: NaiveEvent, credit: number): string {
  return track ?? album ?? credits[credit]!.key
}

export function shownPlays(eligiblePlays: number, { listener, anonymous } = { listener: 0, anonymous: 0 }) {
  const excluded = [
    ...(listener > 0 ? [{ reason: 'listener_limit', plays: listener }] : []),
    ...(anonymous > 0 ? [{ reason: 'anonymous_limit', plays: anonymous }] : []),
  ]
  return { plays: eligiblePlays + listener + anonymous, eligiblePlays, excluded }
}
