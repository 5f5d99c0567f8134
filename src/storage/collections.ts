/** The collections of documents that the service keeps in its store beside the log. */
import type { CollectionSpec } from './storage.ts'

/** What the catalogue said of each entity: documents `album:<id>` and `artist:<id>`, grouped by kind. */
export const CATALOGUE_RECORDS = 'catalogue'
/** When the list of artists was read last. */
export const CATALOGUE_STATE = 'catalogue-state'
export const DEAD_LETTERS = 'dead_letters'
export const ALERTS = 'alerts'
/** When each address was sent its last mail. */
export const ALERT_ADDRESSES = 'alert-addresses'
/** Until when imported events give no reason for an alert. */
export const ALERT_STATE = 'alerts-state'
export const LEASES = 'leases'
/** Written while the store refuses writes, to learn when it takes them again. */
export const PROBE = 'probe'

const FOLLOWED = [CATALOGUE_RECORDS]

export const COLLECTIONS: readonly CollectionSpec[] = [
  CATALOGUE_RECORDS,
  CATALOGUE_STATE,
  DEAD_LETTERS,
  ALERTS,
  ALERT_ADDRESSES,
  ALERT_STATE,
  LEASES,
  PROBE,
].map(name => ({ name, isFollowed: FOLLOWED.includes(name) }))
