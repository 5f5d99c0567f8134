/** What DuckDB's faults mean to the service. */
import { FiguresDamaged, FiguresInvalidated } from '../figures.ts'
import { StoreInUse, StoreUnavailable } from '../storage.ts'

const IN_USE = /Could not set lock/i
const WITHOUT_ROOM =
  /No space left|disk is full|Could not write|failed to write|failed to offload|Cannot open file|Out of Memory/i
/** What DuckDB says of a file for as long as it is open, whatever there is room for later. */
const INVALIDATED = /has been invalidated/
const DAMAGED =
  /checksum|corrupt|INTERNAL Error|FATAL Error|invalidated|Serialization Error|IO Error|not a valid DuckDB/i

/** What passes by itself or by an operator's hand is `StoreUnavailable`; damage is `FiguresDamaged`; the rest stays. */
export function asFiguresFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnavailable || error instanceof FiguresDamaged) return error
  if (IN_USE.test(error.message)) return new StoreInUse(`another process has the figures open: ${error.message}`)
  if (WITHOUT_ROOM.test(error.message) && INVALIDATED.test(error.message)) {
    return new FiguresInvalidated(`the figures are to be opened again: ${error.message}`, { cause: error })
  }
  if (WITHOUT_ROOM.test(error.message)) {
    return new StoreUnavailable(`the figures cannot be used now: ${error.message}`, { cause: error })
  }
  if (DAMAGED.test(error.message)) {
    return new FiguresDamaged(`the figures cannot be read: ${error.message}`, { cause: error })
  }
  return error
}

export const isInterruption = (error: unknown): boolean => error instanceof Error && /^INTERRUPT/.test(error.message)
