/** How long an alert keeps its artist from getting another one, as far as the history tells. */

const HOUR_MS = 3_600_000

/** The fields of an alert that its cooldown depends on. */
interface AlertMail {
  at: string
  status: 'pending' | 'sent' | 'failed' | 'unknown' | 'none'
  attempts: number
}

/**
 * `all`: there is no other mail before then. `at-least`: the same, but the mail left some time after the alert, and the hour
 * begins with it. `automatic`: the mail reached nobody, so only automatic alerts wait. Instants are epoch milliseconds.
 */
export type Cooldown = { kind: 'until-sent' } | { kind: 'all' | 'at-least' | 'automatic'; until: number }

/** The cooldown at this moment; null where it is over. */
export function cooldownOf({ at, status, attempts }: AlertMail, now: number): Cooldown | null {
  if (status === 'pending') return { kind: 'until-sent' }
  const until = Date.parse(at) + HOUR_MS
  if (until <= now) return null
  if (status === 'failed' || status === 'none') return { kind: 'automatic', until }
  return { kind: attempts > 1 ? 'at-least' : 'all', until }
}
