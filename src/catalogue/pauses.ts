/** How long a catalogue that answers 429 wants to be left alone. */

const DEFAULT_MS = 60_000
const LEAST_MS = 1000
/** Whatever is said: a header that is misread must not end the calls for good. */
const MOST_MS = 300_000

/** No wait is so long: from here on a number is a moment, in seconds since 1970 (2001 and later), and from 1e12 on in milliseconds. */
const FIRST_EPOCH_SECOND = 1e9
const FIRST_EPOCH_MILLISECOND = 1e12

/** Without it `Date.parse` finds a date in nearly anything. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .+ GMT$/

/** What limiters send besides `Retry-After`, the drafts' own names first: each may hold seconds or a moment. */
const RESETS = ['ratelimit-reset', 'ratelimit', 'x-ratelimit-reset']

/**
 * Milliseconds, from a second to five minutes; a minute where no header says anything that makes sense. `Retry-After`
 * (RFC 9110) wins. `RateLimit-Reset` is a number (draft-ietf-httpapi-ratelimit-headers to 06), in `RateLimit` it is
 * `reset=` (07) or `t=` (08 on).
 *
 * At 12:00:00 `Retry-After: 2` and `RateLimit-Reset: <12:00:50 in epoch seconds>` are 2,000; the latter alone is 50,000.
 */
export function pauseOf(headers: Headers, now: number): number {
  const retryAfter = headers.get('retry-after') ?? ''
  const waits = [dateWait(retryAfter, now) ?? numberWait(retryAfter, now)]
  for (const name of RESETS) waits.push(numberWait(resetIn(headers.get(name) ?? ''), now))
  const wait = waits.find(known => known !== undefined) ?? DEFAULT_MS
  return Math.min(MOST_MS, Math.max(LEAST_MS, wait))
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
