/** What a projection is. The list of all of them is `registry.ts`. */
import type { CreditedEvent } from '../events/credits.ts'
import type { Change, TableSpec } from '../storage/storage.ts'

/** A read model folded from the log. `fold` is pure: the changes follow from the event alone, whatever came before. */
export interface Projection {
  name: string
  tables: readonly TableSpec[]
  fold(event: CreditedEvent): Change[]
}
