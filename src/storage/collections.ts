/** The collections of documents in the store, beside the log. */
import type { CollectionSpec } from './storage.ts'

/** The latest catalogue record of each entity: documents `album:<id>` and `artist:<id>`, grouped by kind. */
export const CATALOGUE_RECORDS = 'catalogue'
/** When the catalogue's list of artists was read last. */
export const CATALOGUE_STATE = 'catalogue-state'
export const DEAD_LETTERS = 'dead_letters'
export const ALERTS = 'alerts'
/** When the last mail to each address was sent. */
export const ALERT_ADDRESSES = 'alert-addresses'
/** Until when imported events cause no alerts. */
export const ALERT_STATE = 'alerts-state'
export const LEASES = 'leases'
/** Random texts that are created once: see `shared-secret.ts`. */
/** The models of recommendations that instances share: `shared-models.ts`. */
export const RECOMMENDATION_MODELS = 'recommendation-models'
export const SECRETS = 'secrets'
/** Written while the store refuses writes, to find out when it accepts them again. */
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
  RECOMMENDATION_MODELS,
  SECRETS,
  PROBE,
].map(name => ({ name, isFollowed: FOLLOWED.includes(name) }))
