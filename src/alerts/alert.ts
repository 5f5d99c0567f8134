/** The record of an alert: one document, from the breach to what became of its e-mail. */

import type { AlertCounts, AlertRule } from '../statistics/alert-windows.ts'
import type { Instant, StoredDocument } from '../storage/storage.ts'
import { HOUR_MS } from '../units.ts'

export type AlertKind = keyof AlertCounts

export const KINDS: readonly AlertKind[] = ['plays', 'likes', 'follows']

/** The rule of automatic alerts, and of requests as far as they name no other. */
export const DEFAULT_RULE: AlertRule = { windowMs: HOUR_MS, thresholds: { plays: 100, likes: 50, follows: 10 } }

export const NO_MAILER = 'SMTP_HOST is not set'

export interface Trigger {
  kind: AlertKind
  count: number
  threshold: number
}

/**
 * `pending`: to be sent at `nextAttemptAt`. `sending`: claimed; the mail server can't have the whole message yet.
 * `handing-over`: the message's end may have left. `unknown`: it may have, and no answer came. `none`: there is no mail to send.
 */
export type AlertStatus = 'pending' | 'sending' | 'handing-over' | 'sent' | 'failed' | 'unknown' | 'none'

/** Instants are epoch milliseconds. */
export interface Alert {
  /** The name as it was asked for where no artist is known by it. */
  artistId: string
  artistName?: string
  at: number
  windowMinutes: number
  counts: AlertCounts
  triggers: readonly Trigger[]
  /** null: the artist's address in the catalogue, which is not known yet, or does not exist. */
  recipient: string | null
  /** Raised by the service itself; otherwise requested. */
  automatic: boolean
  status: AlertStatus
  attempts: number
  nextAttemptAt: number | null
  /** Milliseconds from the decision to `nextAttemptAt`: the longest delay, whatever the wall clock says later. */
  waitMs?: number
  /** The process that works on it, and the number of its attempt: no two claims have the same document. */
  claim?: { by: string; n: number }
  error: string | null
  /** When it was sent, or for an unknown outcome, when its end was handed over. */
  sentAt?: number
}

/** An alert and the id of its document. */
export interface KeptAlert {
  id: string
  alert: Alert
}

export function parseAlert({ value }: Pick<StoredDocument, 'value'>): Alert {
  return JSON.parse(value) as Alert
}

export function alertText(alert: Alert): string {
  return JSON.stringify(alert)
}

/** The alert without its claim, as it is written when no process works on it. */
export function unclaimed({ claim: _, ...alert }: Alert): Alert {
  return alert
}

/** An alert that has just been raised, due at once; where there is no mail server, it is recorded and never sent. */
export function newAlert(
  facts: Pick<Alert, 'artistId' | 'windowMinutes' | 'counts' | 'triggers' | 'recipient' | 'automatic'>,
  at: Instant,
  hasMailer: boolean,
): Alert {
  return hasMailer
    ? { ...facts, at, attempts: 0, status: 'pending', nextAttemptAt: at, waitMs: 0, error: null }
    : { ...facts, at, attempts: 0, status: 'none', nextAttemptAt: null, error: NO_MAILER }
}

/** The kinds whose count has reached its threshold; a threshold of 0 is always reached. */
export function triggersOf(counts: AlertCounts, thresholds: AlertCounts): Trigger[] {
  return KINDS.map(kind => ({ kind, count: counts[kind], threshold: thresholds[kind] })).filter(
    ({ count, threshold }) => count >= threshold,
  )
}
