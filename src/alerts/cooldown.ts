/** For how long an artist gets no other alert, and why. */
import type { StoredWaits } from '../storage/stored-waits.ts'
import { HOUR_MS } from '../units.ts'
import type { Alert, KeptAlert } from './alert.ts'

/** An alert still waiting blocks the next one for as long as it waits, so this is no promise. */
export const COOLDOWN_MS = HOUR_MS

export type Asker = 'request' | 'automatic'

/**
 * Milliseconds until the artist may be alerted again after this alert; 0 where that is now. One that reached nobody blocks
 * no request, but for an hour automatic evaluation, which would otherwise record one breach over and over.
 */
export function cooldownLeft(newest: KeptAlert | null, asker: Asker, waits: StoredWaits): number {
  if (!newest) return 0
  const began = beginning(newest.alert, asker)
  if (began === 'later') return COOLDOWN_MS
  return began === null ? 0 : waits.left(newest.id, began + COOLDOWN_MS, COOLDOWN_MS)
}

/**
 * Notes that the cooldown of an alert begins now, where one does: then the wall clock is believed as it is now, and not
 * as it may be when somebody asks.
 */
export function noteCooldown(kept: KeptAlert, waits: StoredWaits): void {
  cooldownLeft(kept, 'automatic', waits)
}

/** In epoch milliseconds; `later`: there is a mail to be sent first; null: no cooldown. */
function beginning(alert: Alert, asker: Asker): number | 'later' | null {
  switch (alert.status) {
    case 'pending':
    case 'sending':
    case 'handing-over':
      return 'later'
    case 'sent':
    case 'unknown':
      return alert.sentAt ?? alert.at
    case 'failed':
    case 'none':
      return asker === 'request' ? null : alert.at
  }
}
