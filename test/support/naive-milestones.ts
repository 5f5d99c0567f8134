/** Milestones as counting one event after the other gives them: the measure of `src/statistics/milestones.ts`. */
import type { MilestoneMeasure, MilestoneQuestion, Milestones } from '../../src/statistics/milestones.ts'
import type { ArrivedEvent } from './naive.ts'
import { type NaiveUnit, naivePoint, naiveRange } from './naive-calendar.ts'

const SERIES = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000]
const ORDER: readonly MilestoneMeasure[] = ['plays', 'listeners', 'followers', 'purchases']

interface Found {
  measure: MilestoneMeasure
  reached: number
  at: number
}

/** `events`: the counted events of the artist, each with the artist's credits alone. */
export function naiveMilestones(
  events: readonly ArrivedEvent[],
  { artistId, startDate, endDate, tz = 'UTC' }: MilestoneQuestion,
): Omit<Milestones, 'period'> {
  const inOrder = events.toSorted((a, b) => a.at - b.at || a.seq - b.seq)
  const counts = { plays: 0, listeners: 0, followers: 0, purchases: 0 }
  const heard = new Set<string>()
  const found: Found[] = []
  const add = (measure: MilestoneMeasure, by: number, at: number) => {
    counts[measure] += by
    for (const reached of SERIES) {
      const isNew = !found.some(each => each.measure === measure && each.reached === reached)
      if (isNew && counts[measure] >= reached) found.push({ measure, reached, at })
    }
  }
  for (const { at, listener, credits } of inOrder) {
    for (const { measure, by } of credits) {
      if (measure === 'plays') add('plays', by, at)
      if (measure === 'follows') add('followers', by, at)
      if (measure === 'purchases') add('purchases', by, at)
      if (measure !== 'plays' || listener === undefined || heard.has(listener)) continue
      heard.add(listener)
      add('listeners', 1, at)
    }
  }
  const range = naiveRange(startDate, endDate, tz)
  const shown = found.filter(({ at }) => at >= range.from && at < range.to)
  shown.sort((a, b) => b.at - a.at || ORDER.indexOf(a.measure) - ORDER.indexOf(b.measure) || b.reached - a.reached)
  const nextOf = (measure: MilestoneMeasure) =>
    SERIES.find(mark => !found.some(each => each.measure === measure && each.reached === mark)) as number
  return {
    artistId,
    items: shown.map(({ at, ...each }) => ({ ...each, at: iso(at, tz) })),
    next: ORDER.map(measure => ({ measure, count: Math.max(0, counts[measure]), next: nextOf(measure) })),
    best: { day: best(inOrder, 'day', tz), week: best(inOrder, 'week', tz), month: best(inOrder, 'month', tz) },
  }
}

function best(inOrder: readonly ArrivedEvent[], unit: NaiveUnit, tz: string) {
  const periods = new Map<number, { to: number; plays: number }>()
  for (const { at, credits } of inOrder) {
    const plays = credits.filter(({ measure }) => measure === 'plays').length
    if (plays === 0) continue
    const { from, to } = naivePoint(at, unit, tz)
    periods.set(from, { to, plays: plays + (periods.get(from)?.plays ?? 0) })
  }
  const most = Math.max(...[...periods.values()].map(({ plays }) => plays))
  // A map keeps the order of time, in which the periods were found.
  const [first] = [...periods].filter(([, { plays }]) => plays === most)
  return first ? { start: iso(first[0], tz), end: iso(first[1].to, tz), plays: most } : null
}

/** As clocks of the zone show it, with the offset; `Z` in UTC. */
function iso(instant: number, tz: string): string {
  if (tz === 'UTC') return new Date(instant).toISOString()
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz)
  return local.toString({ timeZoneName: 'never', smallestUnit: 'millisecond' })
}
