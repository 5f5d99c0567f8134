import { ALERT_STATE } from '../storage/collections.ts'

/** Where an import writes, and the alerts read, until when (epoch milliseconds) imported events raise no alert. */
export const ALERT_SUPPRESSION = { collection: ALERT_STATE, id: 'quiet-until', group: 'quiet' } as const
