/** Clock readings of a time zone, quickly for thousands of instants. Pure. */

const MINUTE_MS = 60_000
/** No zone has changed its offset twice within so much time. */
const SPAN_MS = 7 * 24 * 60 * MINUTE_MS

/**
 * What a clock in the zone shows at each instant, as the milliseconds that UTC has when it shows the same. The offset is only
 * asked for once a week, and for each instant in a week in which it changes: asking for it takes some microseconds.
 */
export function localTimes(instants: readonly number[], tz: string): number[] {
  const offsets = new Map<number, number>()
  const offsetAt = (instant: number): number => {
    const kept = offsets.get(instant) ?? offsetOf(instant, tz)
    offsets.set(instant, kept)
    return kept
  }
  return instants.map(instant => {
    const week = Math.floor(instant / SPAN_MS) * SPAN_MS
    const offset = offsetAt(week)
    return instant + (offset === offsetAt(week + SPAN_MS) ? offset : offsetOf(instant, tz))
  })
}

const zones = new Map<string, Intl.DateTimeFormat>()

/** In milliseconds. */
function offsetOf(instant: number, tz: string): number {
  const format = zones.get(tz) ?? new Intl.DateTimeFormat('en', { timeZone: tz, timeZoneName: 'longOffset' })
  zones.set(tz, format)
  const [, sign, hours, minutes, seconds] = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(format.format(instant)) ?? []
  if (!sign) return 0
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds ?? 0) * 1000
  return sign === '-' ? -offset : offset
}
