/** Alert suppression: events that were imported give no reason for an automatic alert. */
import { ALERT_STATE } from '../storage/collections.ts'
import type { Documents, Instant } from '../storage/storage.ts'
import type { StoredWaits } from '../storage/stored-waits.ts'

const DOCUMENT = { id: 'quiet-until', group: 'quiet' }

/** From now on no event up to `until` counts for an automatic alert. @throws StoreUnavailable */
export async function suppressAlerts(documents: Documents, until: Instant): Promise<void> {
  await documents.put(ALERT_STATE, [{ ...DOCUMENT, value: String(until) }], Number.POSITIVE_INFINITY)
}

/**
 * How many milliseconds at the beginning of a window that ends now are suppressed: 45 minutes of the last hour where an
 * import ended 15 minutes ago. @throws StoreUnavailable
 */
export async function suppressedMs(documents: Documents, waits: StoredWaits, windowMs: number): Promise<number> {
  const document = await documents.get(ALERT_STATE, DOCUMENT.id)
  return document ? waits.left(DOCUMENT.id, Number(document.value) + windowMs, windowMs) : 0
}
