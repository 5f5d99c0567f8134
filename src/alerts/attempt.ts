/** What an attempt to send an alert's e-mail makes of the alert. */

import { HOUR_MS } from '../units.ts'
import { type Alert, unclaimed } from './alert.ts'
import type { SendOutcome } from './mailer.ts'

/**
 * `catalogue`: the address could not be looked up now. `nobody`: there is no address to send to. `address`: it has had a
 * mail, and gets none for `waitMs`.
 */
export type Attempt =
  | SendOutcome
  | { kind: 'catalogue'; error: string }
  | { kind: 'nobody'; error: string }
  | { kind: 'address'; error: string; waitMs: number }

export const GIVE_UP_MS = 24 * HOUR_MS
const FIRST_DELAY_MS = 60_000
/** The longest time between two attempts, but for an address that has had a mail. */
export const MAX_DELAY_MS = 30 * 60_000

/**
 * The alert as it is after the attempt; `now` in epoch milliseconds. What may be tried again doubles its delay each time, and
 * is given up after `leftMs` milliseconds. Where the address has had a mail, an alert that was asked for is over.
 */
export function afterAttempt(claimed: Alert, attempt: Attempt, now: number, leftMs: number): Alert {
  const { waitMs: _, ...alert } = unclaimed(claimed)
  const { sentAt: __, ...unsent } = alert
  const waiting = (delay: number, error: string): Alert => {
    const waitMs = Math.min(delay, leftMs)
    return { ...unsent, status: 'pending', nextAttemptAt: now + waitMs, waitMs, error }
  }
  switch (attempt.kind) {
    case 'sent':
      return { ...alert, status: 'sent', nextAttemptAt: null, error: null, sentAt: now }
    case 'unknown':
      return { ...alert, status: 'unknown', nextAttemptAt: null, error: attempt.error }
    case 'permanent':
      return failed(unsent, attempt.error)
    case 'nobody':
      return { ...unsent, status: 'none', nextAttemptAt: null, error: attempt.error }
    case 'address':
      if (!alert.automatic) return { ...unsent, status: 'none', nextAttemptAt: null, error: attempt.error }
      return leftMs > 0 ? waiting(attempt.waitMs, attempt.error) : failed(unsent, attempt.error)
    default: {
      if (leftMs <= 0) return failed(unsent, attempt.error)
      return waiting(Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(10, alert.attempts - 1)), attempt.error)
    }
  }
}

/** Given up. */
export function failed(alert: Alert, error: string): Alert {
  return { ...alert, status: 'failed', nextAttemptAt: null, error }
}
