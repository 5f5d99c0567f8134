/** What DuckDB's faults mean to the service. */
import { FiguresDamaged } from '../figures.ts'
import { StoreUnavailable } from '../storage.ts'

const WITHOUT_ROOM = /No space left|Could not write|failed to write|Cannot open file|Out of Memory/i
const DAMAGED =
  /checksum|corrupt|INTERNAL Error|FATAL Error|invalidated|Serialization Error|IO Error|not a valid DuckDB/i

/** What passes by itself or by an operator's hand is `StoreUnavailable`; damage is `FiguresDamaged`; the rest stays. */
export function asFiguresFault(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (WITHOUT_ROOM.test(error.message)) {
    return new StoreUnavailable(`the figures cannot be used now: ${error.message}`, { cause: error })
  }
  if (DAMAGED.test(error.message)) {
    return new FiguresDamaged(`the figures cannot be read: ${error.message}`, { cause: error })
  }
  return error
}

export const isInterruption = (error: unknown): boolean => error instanceof Error && /^INTERRUPT/.test(error.message)
