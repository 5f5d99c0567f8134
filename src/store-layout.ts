/** What the service keeps in its store. */
import { COLLECTION as ALERTS } from './alerts/alert.ts'
import { STATE } from './content/fact-store.ts'
import { FACT_EDGES, FACTS } from './content/facts.ts'
import { QUIET } from './data-files/quiet.ts'
import { COLLECTION as DEAD_LETTERS } from './events/dead-letters.ts'
import { LEASES } from './lease.ts'
import { TABLES } from './projections/registry.ts'
import type { StoreLayout } from './storage/storage.ts'
import { PROBE } from './threads/write-guard.ts'

export const LAYOUT: StoreLayout = {
  tables: TABLES,
  collections: [
    { name: FACTS, inQuestions: true },
    { name: FACT_EDGES, inQuestions: true },
    ...[ALERTS, DEAD_LETTERS, LEASES, PROBE, QUIET.collection, STATE].map(name => ({ name, inQuestions: false })),
  ],
}
