/** What the service keeps in its store beside the log. */
import { COLLECTION as ALERT_ADDRESSES } from './alerts/address-cooldown.ts'
import { COLLECTION as ALERTS } from './alerts/alert.ts'
import { STATE } from './content/fact-store.ts'
import { FACTS } from './content/facts.ts'
import { QUIET } from './data-files/quiet.ts'
import { COLLECTION as DEAD_LETTERS } from './events/dead-letters.ts'
import { LEASES } from './lease.ts'
import type { CollectionSpec } from './storage/storage.ts'
import { PROBE } from './threads/write-guard.ts'

export const COLLECTIONS: readonly CollectionSpec[] = [
  { name: FACTS, isFollowed: true },
  ...[ALERTS, ALERT_ADDRESSES, DEAD_LETTERS, LEASES, PROBE, QUIET.collection, STATE].map(name => ({
    name,
    isFollowed: false,
  })),
]
