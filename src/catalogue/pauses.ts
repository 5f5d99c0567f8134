/** How long a catalogue that answers 429 wants no calls. */

const DEFAULT_MS = 60_000
const MIN_MS = 1000
/** A header that is misread must not end the calls for good. */
const MAX_MS = 300_000

/** Numbers from here on are no durations but instants: in seconds since 1970 (2001 and later), from 1e12 on in milliseconds. */
const FIRST_EPOCH_SECOND = 1e9
const FIRST_EPOCH_MILLISECOND = 1e12

/** `Date.parse` alone finds a date in nearly any text. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .+ GMT$/

/** What rate limiters send besides `Retry-After`, the drafts' own names first. Each may hold seconds or an instant. */
const RESET_HEADERS = ['ratelimit-reset', 'ratelimit', 'x-ratelimit-reset']

/**
 * Milliseconds, from a second to five minutes; a minute where no header is understood. `Retry-After` (RFC 9110) comes
 * first. `RateLimit-Reset` is a number (draft-ietf-httpapi-ratelimit-headers to 06), in `RateLimit` it is
 * `reset=` (07) or `t=` (08 on).
 *
 * At 12:00:00, `Retry-After: 2` and `RateLimit-Reset: <12:00:50 in epoch seconds>` give 2,000; the latter alone gives 50,000.
 */
export function pauseOf(headers: Headers, now: number): number {
  const retryAfter = headers.get('retry-after') ?? ''
  const waits = [dateWait(retryAfter, now) ?? numberWait(retryAfter, now)]
  for (const name of RESET_HEADERS) waits.push(numberWait(resetIn(headers.get(name) ?? ''), now))
  const wait = waits.find(known => known !== undefined) ?? DEFAULT_MS
  return Math.min(MAX_MS, Math.max(MIN_MS, wait))
}

function dateWait(text: string, now: number): number | undefined {
  const date = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : date - now
}

function numberWait(text: string, now: number): number | undefined {
  if (!/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined
  const value = Number(text)
  if (value >= FIRST_EPOCH_MILLISECOND) return value - now
  return value >= FIRST_EPOCH_SECOND ? value * 1000 - now : value * 1000
}

/** The number alone: `50` of `50`, of `limit=150, remaining=0, reset=50` and of `"default";r=0;t=50`. */
function resetIn(text: string): string {
  return /(?:^|[,;\s])(?:reset|t)=(\d+)/.exec(text)?.[1] ?? text
}
