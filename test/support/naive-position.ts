/** The position of an artist as a plain reading of the rule gives it: each week's artists are sorted in full. */
import type { ArtistPosition, PositionQuestion, PositionWeek } from '../../src/statistics/artist-position.ts'
import type { Naive } from './naive.ts'
import { naiveRange } from './naive-calendar.ts'
import { naiveExcluded } from './naive-eligible.ts'
import { naiveOrder } from './naive-order.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS

/** 'ISO weeks in UTC': back from the day of an instant to a Monday. */
function mondayOf(instant: number): number {
  let day = Date.parse(new Date(instant).toISOString().slice(0, 10))
  while (new Date(day).getUTCDay() !== 1) day -= DAY_MS
  return day
}

interface Standing {
  owner: string
  plays: number
  eligible: number
  last: number
}

/** 'by eligible plays'; 'ties: latest counted play of the week first, then smaller id' */
function standingsOf(naive: Naive, monday: number, limit: number | null): Standing[] {
  const plays = naive.plays().filter(({ at }) => at >= monday && at < monday + WEEK_MS)
  const excluded = naiveExcluded(plays, ({ credits }) => credits.map(({ key }) => naive.owner(key)), limit)
  const standings = new Map<string, Standing>()
  for (const { at, credits } of plays) {
    for (const { key } of credits) {
      const owner = naive.owner(key)
      const { plays, last } = standings.get(owner) ?? { plays: 0, last: at }
      standings.set(owner, { owner, plays: plays + 1, eligible: 0, last: Math.max(last, at) })
    }
  }
  for (const standing of standings.values()) {
    const { listener, anonymous } = excluded.get(standing.owner) ?? { listener: 0, anonymous: 0 }
    standing.eligible = standing.plays - listener - anonymous
  }
  const id = (owner: string) => owner.slice(owner.indexOf(':') + 1)
  return [...standings.values()]
    .filter(({ owner }) => /^(artist|name):/.test(owner))
    .sort(
      (a, b) =>
        b.eligible - a.eligible ||
        b.last - a.last ||
        naiveOrder(id(a.owner), id(b.owner)) ||
        naiveOrder(a.owner, b.owner),
    )
}

export function naivePosition(
  naive: Naive,
  { artistId, startDate, endDate, tz = 'UTC' }: PositionQuestion,
  now: number,
  limit: number | null,
): ArtistPosition {
  const range = naiveRange(startDate, endDate, tz)
  const last = mondayOf(Math.min(range.to - 1, now))
  // 'default: the last 52 weeks'
  const first = range.from === Number.NEGATIVE_INFINITY ? last - 51 * WEEK_MS : mondayOf(range.from)
  const owners = naive.ownersAskedFor(artistId)
  const place = (monday: number) => {
    const standings = standingsOf(naive, monday, limit)
    const at = standings.findIndex(({ owner }) => owners.includes(owner))
    return at < 0 ? undefined : { ...standings[at]!, position: at + 1 }
  }
  const items: PositionWeek[] = []
  for (let monday = first; monday <= last; monday += WEEK_MS) {
    const [before, found] = [place(monday - WEEK_MS), place(monday)]
    items.push({
      start: written(monday, tz),
      end: written(monday + WEEK_MS, tz),
      position: found?.position ?? null,
      plays: found?.plays ?? 0,
      eligiblePlays: found?.eligible ?? 0,
      change: before && found ? before.position - found.position : null,
      isOver: monday + WEEK_MS <= now,
    })
  }
  return { artistId, ...summary(items.filter(({ isOver }) => isOver)), items }
}

function summary(over: readonly PositionWeek[]): Pick<ArtistPosition, 'peak' | 'weeksOnChart' | 'lastFullWeek'> {
  const placed = over.filter(({ position }) => position !== null)
  const [best] = placed.map(({ position }) => position!).sort((a, b) => a - b)
  const atBest = placed.filter(({ position }) => position === best)
  return {
    peak: best === undefined ? null : { position: best, weeks: atBest.length, firstWeek: atBest[0]!.start },
    weeksOnChart: placed.length,
    lastFullWeek: over.at(-1) ?? null,
  }
}

function written(instant: number, tz: string): string {
  if (tz === 'UTC') return new Date(instant).toISOString()
  const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz)
  return local.toString({ timeZoneName: 'never', fractionalSecondDigits: 3 })
}
