/** When an attempt to send an alert's e-mail is made, and what its outcome makes of the alert. */

import type { StoredWaits } from '../storage/stored-waits.ts'
import { HOUR_MS } from '../units.ts'
import { type Alert, type KeptAlert, unclaimed } from './alert.ts'
import type { SendOutcome } from './smtp-outcome.ts'

/**
 * `no-catalogue`: the address could not be looked up now. `no-address`: there is none to send to. `address-cooldown`: the
 * address has had a mail, and gets none for `waitMs` milliseconds.
 */
export type Attempt =
  | SendOutcome
  | { kind: 'no-catalogue'; error: string }
  | { kind: 'no-address'; error: string }
  | { kind: 'address-cooldown'; error: string; waitMs: number }

const GIVE_UP_MS = 24 * HOUR_MS
const FIRST_DELAY_MS = 60_000
/** The longest time between two attempts, but for an address that has had a mail. */
const MAX_DELAY_MS = 30 * 60_000

/** Milliseconds until a pending alert is to be tried. */
export function untilAttempt({ id, alert }: KeptAlert, waits: StoredWaits): number {
  const { nextAttemptAt, waitMs = MAX_DELAY_MS } = alert
  return nextAttemptAt === null ? 0 : waits.left(id, nextAttemptAt, waitMs)
}

/** Milliseconds until an alert that could not be sent is given up: a day after it was raised. */
export function untilGivenUp({ id, alert }: KeptAlert, waits: StoredWaits): number {
  return waits.left(`life of ${id}`, alert.at + GIVE_UP_MS, GIVE_UP_MS)
}

/** Whether the attempt ended before the mail server was asked. */
export function isUnsent(kind: Attempt['kind']): boolean {
  return kind === 'no-catalogue' || kind === 'no-address' || kind === 'address-cooldown'
}

/**
 * The alert as it is after the attempt; `now` in epoch milliseconds. The next attempt comes after 1 minute, then 2, 4, 8, 16
 * and always 30; after `leftMs` milliseconds the alert is given up. Where the address has had a mail, a requested alert is
 * over, and an automatic one waits.
 */
export function afterAttempt(claimed: Alert, attempt: Attempt, now: number, leftMs: number): Alert {
  const { waitMs: _, ...alert } = unclaimed(claimed)
  const { sentAt: __, ...unsent } = alert
  const pendingFor = (delay: number, error: string): Alert => {
    if (leftMs <= 0) return failed(unsent, error)
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
    case 'address-cooldown':
      if (alert.automatic) return pendingFor(attempt.waitMs, attempt.error)
      return { ...unsent, status: 'none', nextAttemptAt: null, error: attempt.error }
    case 'no-address':
      return { ...unsent, status: 'none', nextAttemptAt: null, error: attempt.error }
    default:
      return pendingFor(Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(10, alert.attempts - 1)), attempt.error)
  }
}

/** The alert given up. */
export function failed(alert: Alert, error: string): Alert {
  return { ...alert, status: 'failed', nextAttemptAt: null, error }
}
