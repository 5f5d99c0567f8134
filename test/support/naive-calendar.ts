/**
 * Calendar arithmetic without any: the local time of every quarter of an hour (or 30 seconds where a zone needs it) is
 * written down, and boundaries are where what is written changes. Slow, and obviously right.
 */
export type NaiveUnit = 'hour' | 'day' | 'week' | 'month' | 'year'

const DAY_MS = 86_400_000

/** Old Monrovia was 44 minutes and 30 seconds behind. */
const stepOf = (tz: string): number => (tz === 'Africa/Monrovia' ? 30_000 : 900_000)

interface Local {
  /** `2026-03-29T02:00:00.000` */
  wall: string
  offset: string
}

const remembered = new Map<string, Local>()

function localTime(instant: number, tz: string): Local {
  const key = `${instant} ${tz}`
  let local = remembered.get(key)
  if (!local) {
    if (remembered.size > 500_000) remembered.clear()
    const parts = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(tz)
    local = { wall: parts.toPlainDateTime().toString({ smallestUnit: 'millisecond' }), offset: parts.offset }
    remembered.set(key, local)
  }
  return local
}

const localDate = (instant: number, tz: string): string => localTime(instant, tz).wall.slice(0, 10)

/** What an instant's point of a series is called: two instants next to each other are in one point if it is equal. */
export function labelOf(instant: number, unit: NaiveUnit, tz: string): string {
  const { wall, offset } = localTime(instant, tz)
  if (unit === 'hour') return wall.slice(0, 13) + offset
  if (unit === 'day') return wall.slice(0, 10)
  if (unit === 'month') return wall.slice(0, 7)
  if (unit === 'year') return wall.slice(0, 4)
  // Days since a Monday (1970-01-05), so that whole sevens are ISO weeks.
  return String(Math.floor((Date.parse(wall.slice(0, 10)) / DAY_MS - 4) / 7))
}

/** The first instant whose local date is the given one or later. */
function firstInstantFrom(date: string, tz: string): number {
  let instant = Date.parse(date) - 2 * DAY_MS
  while (localDate(instant, tz) < date) instant += stepOf(tz)
  return instant
}

const nextDate = (date: string, days = 1): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)

/** An instant whose clock shows the local time: the first where it is doubled, the later one where it is missing. */
function instantOfWall(text: string, tz: string): number {
  const wall = Date.parse(`${text}Z`)
  const shift = (instant: number) => Date.parse(`${localTime(instant, tz).wall}Z`) - instant
  const candidates = [wall - shift(wall - DAY_MS), wall - shift(wall + DAY_MS)]
  const shown = candidates.filter(instant => Date.parse(`${localTime(instant, tz).wall}Z`) === wall)
  return shown.length > 0 ? Math.min(...shown) : (candidates[0] as number)
}

const isDate = (text: string): boolean => text.length === 10

export interface NaiveRange {
  from: number
  to: number
}

/** The half-open range of two dates or date-times. */
export function naiveRange(startDate: string | undefined, endDate: string | undefined, tz: string): NaiveRange {
  const instant = (text: string) => (text.endsWith('Z') ? Date.parse(text) : instantOfWall(text, tz))
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if (startDate) from = isDate(startDate) ? firstInstantFrom(startDate, tz) : instant(startDate)
  if (endDate) to = isDate(endDate) ? firstInstantFrom(nextDate(endDate), tz) : instant(endDate) + 1
  return { from, to }
}

/**
 * The earlier range: for dates the one that is so many days before, else as long before, or for weekdays and years the one
 * whose clock shows the same times so many days before; an open end is now. What is to come has no counterpart.
 */
export function naivePrevious(
  { from, to }: NaiveRange,
  startDate: string | undefined,
  endDate: string | undefined,
  tz: string,
  now: number,
  compare: string,
): NaiveRange | null {
  if (!startDate || from > now) return null
  const back = (days: number) => ({ previous: days, weekday: 7 * Math.ceil(days / 7), year: 364 })[compare] as number
  const wallBack = (instant: number, days: number) => {
    const [date, time] = localTime(instant, tz).wall.split('T') as [string, string]
    return instantOfWall(`${nextDate(date, -days)}T${time}`, tz)
  }
  if (isDate(startDate) && (!endDate || isDate(endDate))) {
    const lastDate = endDate ?? localDate(now, tz)
    const days = back((Date.parse(lastDate) - Date.parse(startDate)) / DAY_MS + 1)
    const start = firstInstantFrom(nextDate(startDate, -days), tz)
    const end = firstInstantFrom(nextDate(lastDate, 1 - days), tz)
    return { from: start, to: to <= now + 1 ? end : Math.min(end, wallBack(now, days) + 1) }
  }
  const length = (endDate ? to : now + 1) - from
  const passed = Math.min(to, now + 1)
  if (compare === 'previous') return { from: from - length, to: Math.min(from, passed - length) }
  const days = back(Math.ceil(length / DAY_MS))
  return { from: wallBack(from, days), to: wallBack(passed - 1, days) + 1 }
}

/** The points of a finite range, found by walking through it; null for more than 10,000. */
export function naivePoints({ from, to }: NaiveRange, unit: NaiveUnit, tz: string): NaiveRange[] | null {
  const step = stepOf(tz)
  const points: NaiveRange[] = []
  let start = from
  for (let instant = from - (((from % step) + step) % step) + step; start < to; instant += step) {
    if (instant < to && labelOf(instant, unit, tz) === labelOf(instant - step, unit, tz)) continue
    points.push({ from: start, to: Math.min(instant, to) })
    if (points.length > 10_000) return null
    start = instant
  }
  return points
}

/** The last 10,000 points, found by walking back from the end; `isClipped` where that does not lead to the start. */
export function naiveLastPoints({ from, to }: NaiveRange, unit: NaiveUnit, tz: string) {
  const points: NaiveRange[] = []
  let end = to
  while (end > from && points.length < 10_000) {
    const start = Math.max(from, naivePoint(end - 1, unit, tz).from)
    points.unshift({ from: start, to: end })
    end = start
  }
  return { points, isClipped: end > from }
}

/** The whole point around an instant. */
export function naivePoint(instant: number, unit: NaiveUnit, tz: string): NaiveRange {
  const step = stepOf(tz)
  let from = instant - (((instant % step) + step) % step)
  let to = from + step
  while (labelOf(from - step, unit, tz) === labelOf(from, unit, tz)) from -= step
  while (labelOf(to, unit, tz) === labelOf(to - step, unit, tz)) to += step
  return { from, to }
}
