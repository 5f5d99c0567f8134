/** When people listen: by hour and weekday of their own time zone. */
import { DAY_MS, HOUR_MS } from '../../src/units.ts'

/** Where the two halves of the audience live. */
export const ZONES = ['Europe/Madrid', 'America/Bogota'] as const

export type Zone = (typeof ZONES)[number]

/** An hour of a day as the audience of one zone lives it. */
export interface Hour {
  zone: Zone
  /** Epoch milliseconds of its beginning. */
  start: number
  /** How much is listened, on average 1. */
  activity: number
}

/** Of each hour of local time, from midnight on. */
const WORKDAY = [4, 2, 1, 1, 1, 3, 8, 14, 15, 11, 10, 10, 11, 12, 11, 10, 12, 15, 18, 20, 21, 20, 15, 8]
const WEEKEND = [14, 11, 8, 5, 3, 2, 2, 4, 7, 10, 13, 15, 15, 14, 14, 15, 16, 17, 18, 19, 20, 20, 19, 17]
const MEAN = 11
/** From Monday on. */
const WEEKDAYS = [0.92, 0.93, 0.97, 1.0, 1.16, 1.1, 0.92]
const FRIDAY = 5
const SATURDAY = 6

/** The hours of a day of UTC that begins at `day`, in both zones. */
export function hoursOf(day: number): Hour[] {
  return Array.from({ length: DAY_MS / HOUR_MS }, (_, hour) => hoursAt(day + hour * HOUR_MS)).flat()
}

/** The hour of the instant in both zones. */
export function hoursAt(instant: number): Hour[] {
  const start = Math.floor(instant / HOUR_MS) * HOUR_MS
  return ZONES.map(zone => ({ zone, start, activity: activityAt(start, zone) }))
}

function activityAt(instant: number, zone: Zone): number {
  const { hour, dayOfWeek } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  const hours = dayOfWeek >= SATURDAY ? WEEKEND : WORKDAY
  return (hours[hour]! / MEAN) * WEEKDAYS[dayOfWeek - 1]!
}

/** The last Friday, the day on which music comes out, up to this day of UTC. */
export function fridayBefore(day: number): number {
  const { dayOfWeek } = Temporal.Instant.fromEpochMilliseconds(day).toZonedDateTimeISO('UTC')
  return day - ((dayOfWeek - FRIDAY + 7) % 7) * DAY_MS
}
