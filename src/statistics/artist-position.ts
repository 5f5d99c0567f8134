/** The position of an artist in the weekly rankings by eligible plays, week by week. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import { invalidInput } from '../errors.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import type { RangeQuestion } from './asked-range.ts'
import { formatInstant, parseRange, parseTimeZone } from './calendar.ts'
import { type Placed, WEEK_MS, type WeeklyRankings } from './weekly-rankings.ts'

/** Five years. */
export const MAX_WEEKS = 260
const DEFAULT_WEEKS = 52
/** 1970-01-05. */
const A_MONDAY = 4 * DAY_MS

export interface PositionQuestion extends Omit<RangeQuestion, 'compare'> {
  artistId: string
}

/** An ISO week in UTC; instants are ISO 8601 in the zone of the question, `end` is excluded. */
export interface PositionWeek {
  start: string
  end: string
  /** From 1; null where the artist has no play in the week. */
  position: number | null
  /** Counted plays. */
  plays: number
  /** Those that the ranking is by. */
  eligiblePlays: number
  /** How many places higher than in the week before (below zero: lower); null where there is no position in one of them. */
  change: number | null
  /** False for the running week, whose ranking still changes. */
  isOver: boolean
}

export interface ArtistPosition {
  artistId: string
  /** The best position in the weeks of the range that are over; null where there is none. */
  peak: { position: number; weeks: number; firstWeek: string } | null
  /** Weeks of the range that are over, and in which the artist has a position. */
  weeksOnChart: number
  /** The last week of the range that is over; null where none is. */
  lastFullWeek: PositionWeek | null
  /** Ascending, without holes. */
  items: PositionWeek[]
}

/**
 * The artist's place among all artists in every week that the range touches: without a start, in the last 52 weeks up to
 * its end; without an end, up to the running week, beyond which no week is shown. Weeks are the same in all time zones.
 * @throws ServiceError 400 for a wrong date, range or time zone, or `too_many_weeks`.
 */
export async function artistPosition(
  reads: Snapshot,
  question: PositionQuestion,
  { now, rankings }: { now: Instant; rankings: WeeklyRankings },
): Promise<ArtistPosition> {
  const { artistId } = question
  const tz = parseTimeZone(question.tz)
  const weeks = weeksOf(parseRange(question, tz), now)
  const artist = await ownerAskedFor(reads, artistId)
  const items = weeks.length === 0 ? [] : await itemsOf(reads, { weeks, artist, rankings, tz, now })
  const over = items.filter(({ isOver }) => isOver)
  return {
    artistId,
    peak: peakOf(over),
    weeksOnChart: over.filter(({ position }) => position !== null).length,
    lastFullWeek: over.at(-1) ?? null,
    items,
  }
}

/** The weeks that a range touches, none after that of now. */
function weeksOf({ from, to }: Interval, now: Instant): Interval[] {
  const end = weekStart(Math.min(to - 1, now)) + WEEK_MS
  const start = from === Number.NEGATIVE_INFINITY ? end - DEFAULT_WEEKS * WEEK_MS : weekStart(from)
  const length = Math.max(0, (end - start) / WEEK_MS)
  if (length > MAX_WEEKS) {
    const message = `gives more than ${MAX_WEEKS} weeks: ask for less time between startDate and endDate`
    throw invalidInput([{ path: 'startDate', code: 'too_many_weeks', message }])
  }
  return Array.from({ length }, (_, i) => weekAt(start + i * WEEK_MS))
}

/** The start of the ISO week in UTC that contains an instant. */
const weekStart = (instant: Instant): Instant => Math.floor((instant - A_MONDAY) / WEEK_MS) * WEEK_MS + A_MONDAY

const weekAt = (from: Instant): Interval => ({ from, to: from + WEEK_MS })

interface Asked {
  weeks: readonly Interval[]
  /** undefined where nothing mentions the artist. */
  artist: number | undefined
  rankings: WeeklyRankings
  tz: string
  now: Instant
}

async function itemsOf(reads: Snapshot, { weeks, artist, rankings, tz, now }: Asked): Promise<PositionWeek[]> {
  // The first week is compared with that before the range.
  const ranked = [weekAt(weeks[0]!.from - WEEK_MS), ...weeks]
  const places = artist === undefined ? [] : await rankings.placesOf(reads, artist, ranked)
  return weeks.map(({ from, to }, i) => {
    const [before, place] = [places[i] ?? null, places[i + 1] ?? null]
    return {
      start: formatInstant(from, tz),
      end: formatInstant(to, tz),
      position: place?.position ?? null,
      plays: place?.plays ?? 0,
      eligiblePlays: place?.eligiblePlays ?? 0,
      change: changeOf(before, place),
      isOver: to <= now,
    }
  })
}

const changeOf = (before: Placed | null, now: Placed | null): number | null =>
  before && now && before.position - now.position

function peakOf(weeks: readonly PositionWeek[]): ArtistPosition['peak'] {
  const positions = weeks.map(({ position }) => position).filter(position => position !== null)
  if (positions.length === 0) return null
  const position = Math.min(...positions)
  const { start } = weeks.find(week => week.position === position)!
  return { position, weeks: positions.filter(each => each === position).length, firstWeek: start }
}
