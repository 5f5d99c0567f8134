/** Where an import says, and the alerts read, until when (epoch milliseconds) what was counted gives no reason for one. */
export const QUIET = { collection: 'alerts-state', id: 'quiet-until', group: 'quiet' } as const
