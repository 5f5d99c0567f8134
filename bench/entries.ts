/** Generated events as the log keeps them. */
import { toLogEntry } from '../src/events/event.ts'
import { validateEvent } from '../src/events/validate.ts'
import type { LogEntry } from '../src/storage/storage.ts'
import type { SentEvent } from './generate.ts'

const context = {
  now: Number.MAX_SAFE_INTEGER,
  defaultCurrency: 'EUR',
  playMinSeconds: 30,
  newId: () => {
    throw new Error('a generated event has an id of its own')
  },
}

export function toEntries(events: readonly SentEvent[]): LogEntry[] {
  return events.map(event => {
    const checked = validateEvent(event, context)
    if (!checked.ok) throw new Error(`a generated event was rejected: ${JSON.stringify(checked.faults)}`)
    return toLogEntry(checked)
  })
}
