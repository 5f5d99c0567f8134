/** What a projection is, and the list of all of them. */
import type { CreditedEvent } from '../events/credits.ts'
import type { Change, TableSpec } from '../storage/storage.ts'
import { entityCounts } from './entity-counts.ts'
import { listenerTaste } from './listener-taste.ts'
import { subjectKpis } from './subject-kpis.ts'
import { subjectListeners } from './subject-listeners.ts'
import { taughtBindings } from './taught-bindings.ts'

/** A read model folded from the log. `fold` is pure: the changes follow from the event alone, whatever came before. */
export interface Projection {
  name: string
  tables: readonly TableSpec[]
  fold(event: CreditedEvent): Change[]
}

export const PROJECTIONS: readonly Projection[] = [
  subjectKpis,
  subjectListeners,
  entityCounts,
  listenerTaste,
  taughtBindings,
]

/** The tables that a store has to keep. */
export const TABLES: readonly TableSpec[] = PROJECTIONS.flatMap(projection => projection.tables)

/** All changes that one event asks for. */
export function changesOf(event: CreditedEvent): Change[] {
  return PROJECTIONS.flatMap(projection => projection.fold(event))
}
