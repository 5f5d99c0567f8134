/** What the service keeps in its store beside the log. */
import { COLLECTION as ALERT_ADDRESSES } from '../alerts/address-cooldown.ts'
import { COLLECTION as ALERTS } from '../alerts/alert.ts'
import { FACTS } from '../catalogue/catalogue-record.ts'
import { STATE } from '../catalogue/record-store.ts'
import { QUIET } from '../data-files/quiet.ts'
import { COLLECTION as DEAD_LETTERS } from '../ingestion/dead-letters.ts'
import { PROBE } from '../workers/write-guard.ts'
import { LEASES } from './lease.ts'
import type { CollectionSpec } from './storage.ts'

export const COLLECTIONS: readonly CollectionSpec[] = [
  { name: FACTS, isFollowed: true },
  ...[ALERTS, ALERT_ADDRESSES, DEAD_LETTERS, LEASES, PROBE, QUIET.collection, STATE].map(name => ({
    name,
    isFollowed: false,
  })),
]
