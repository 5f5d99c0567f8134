/** All projections. A new one is a file beside this one and a line here; the next start fills it from the log. */
import type { CreditedEvent } from '../events/credits.ts'
import type { Change, TableSpec } from '../storage/storage.ts'
import { entityCounts } from './entity-counts.ts'
import { listenerTaste } from './listener-taste.ts'
import type { Projection } from './projection.ts'
import { subjectKpis } from './subject-kpis.ts'
import { subjectListeners } from './subject-listeners.ts'
import { taughtBindings } from './taught-bindings.ts'

export const PROJECTIONS: readonly Projection[] = [
  subjectKpis,
  subjectListeners,
  entityCounts,
  listenerTaste,
  taughtBindings,
]

/** The tables that a store has to keep. */
export const TABLES: readonly TableSpec[] = PROJECTIONS.flatMap(projection => projection.tables)

/** Adds all changes that one event asks for to `changes`. */
export function collectChanges(event: CreditedEvent, changes: Change[]): void {
  for (const projection of PROJECTIONS) changes.push(...projection.fold(event))
}
