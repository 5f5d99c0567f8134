/** The record of an alert: one document, from the breach to what became of its e-mail. */

import type { AlertCounts, AlertRule } from '../statistics/alert-windows.ts'
import { ALERTS } from '../storage/collections.ts'
import type { Documents, StoredDocument } from '../storage/storage.ts'
import { HOUR_MS } from '../units.ts'

/** Alerts that are kept, give or take a hundred; the oldest leave first, but none that waits for its mail. */
export const MAX_ALERTS = 100_000

export type AlertKind = keyof AlertCounts

export const KINDS: readonly AlertKind[] = ['plays', 'likes', 'follows']

/** What counts where a request does not say otherwise, and for automatic evaluation. */
export const DEFAULT_RULE: AlertRule = { windowMs: HOUR_MS, thresholds: { plays: 100, likes: 50, follows: 10 } }

export interface Trigger {
  kind: AlertKind
  count: number
  threshold: number
}

/**
 * `pending`: to be sent at `nextAttemptAt`. `sending`: claimed, the mail server can't have the whole message yet.
 * `handing-over`: its end may have left. `unknown`: it has, but no answer came. `none`: there is no mail to send.
 */
export type AlertStatus = 'pending' | 'sending' | 'handing-over' | 'sent' | 'failed' | 'unknown' | 'none'

/** Instants are epoch milliseconds. */
export interface Alert {
  /** Of an artist that nobody knew, the name as it was asked for. */
  artistId: string
  artistName?: string
  at: number
  windowMinutes: number
  counts: AlertCounts
  triggers: readonly Trigger[]
  /** null: not known yet, or none. */
  recipient: string | null
  /** Found by the service itself, not asked for. */
  automatic: boolean
  status: AlertStatus
  attempts: number
  nextAttemptAt: number | null
  /** How long that was when it was decided, in milliseconds: it is never waited for longer, whatever the clock says. */
  waitMs?: number
  /** Who works on it: the process, and its attempt. Makes the value of every claim the only one of its kind. */
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

/** Without the claim: what is written when nobody works on it any more. */
export function unclaimed({ claim: _, ...alert }: Alert): Alert {
  return alert
}

/**
 * The newest alert of any of the groups; null where there is none. @throws StoreUnavailable
 */
export async function newestAlert(documents: Documents, groups: readonly string[]): Promise<KeptAlert | null> {
  const [newest] = await documents.list(ALERTS, { group: groups, limit: 1 })
  return newest ? { id: newest.id, alert: parseAlert(newest) } : null
}

/** The kinds whose count has reached its threshold; one of 0 is always reached. */
export function triggersOf(counts: AlertCounts, thresholds: AlertCounts): Trigger[] {
  return KINDS.map(kind => ({ kind, count: counts[kind], threshold: thresholds[kind] })).filter(
    ({ count, threshold }) => count >= threshold,
  )
}
