/** How long after an alert its artist gets no other one. */
import type { StoredWaits } from '../storage/stored-waits.ts'
import { HOUR_MS } from '../units.ts'
import type { Alert, KeptAlert } from './alert.ts'

export const COOLDOWN_MS = HOUR_MS

export type Asker = 'request' | 'automatic'

/**
 * Milliseconds until the artist may be alerted again after this alert; 0 where that is now. While the alert's mail is not
 * sent yet, that is always a whole hour. An alert that reached nobody delays no request, but automatic evaluation by an
 * hour, for that would record the same breach over and over.
 */
export function cooldownLeft(newest: KeptAlert | null, asker: Asker, waits: StoredWaits): number {
  if (!newest) return 0
  const began = beginning(newest.alert, asker)
  if (began === 'later') return COOLDOWN_MS
  return began === null ? 0 : waits.left(newest.id, began + COOLDOWN_MS, COOLDOWN_MS)
}

/** To be called when the cooldown of an alert begins: from now on no change of the wall clock makes it shorter or longer. */
export function beginCooldown(kept: KeptAlert, waits: StoredWaits): void {
  cooldownLeft(kept, 'automatic', waits)
}

/** In epoch milliseconds; `later`: its mail is to be sent first; null: there is no cooldown. */
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
