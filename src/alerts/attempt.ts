/** What an attempt to send an alert's e-mail makes of the alert. */
import { type Alert, HOUR_MS, unclaimed } from './alert.ts'
import type { SendOutcome } from './mailer.ts'

/** `catalogue`: the address could not be looked up now. `nobody`: there is no address to send to. */
export type Attempt = SendOutcome | { kind: 'catalogue'; error: string } | { kind: 'nobody'; error: string }

export const GIVE_UP_MS = 24 * HOUR_MS
const FIRST_DELAY_MS = 60_000
const MAX_DELAY_MS = 30 * 60_000

/** The alert as it is after the attempt; `now` in epoch milliseconds. What may be tried again doubles its delay each time. */
export function afterAttempt(claimed: Alert, attempt: Attempt, now: number): Alert {
  const alert = unclaimed(claimed)
  const { sentAt: _, ...unsent } = alert
  switch (attempt.kind) {
    case 'sent':
      return { ...alert, status: 'sent', nextAttemptAt: null, error: null, sentAt: now }
    case 'unknown':
      return { ...alert, status: 'unknown', nextAttemptAt: null, error: attempt.error }
    case 'permanent':
      return failed(unsent, attempt.error)
    case 'nobody':
      return { ...unsent, status: 'none', nextAttemptAt: null, error: attempt.error }
    default: {
      const end = alert.at + GIVE_UP_MS
      if (now >= end) return failed(unsent, attempt.error)
      const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(10, alert.attempts - 1))
      return { ...unsent, status: 'pending', nextAttemptAt: Math.min(now + delay, end), error: attempt.error }
    }
  }
}

/** Given up. */
export function failed(alert: Alert, error: string): Alert {
  return { ...alert, status: 'failed', nextAttemptAt: null, error }
}
