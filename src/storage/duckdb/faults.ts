/** DuckDB's errors as the service knows them. */
import { FiguresDamaged, FiguresInvalidated } from '../figures.ts'
import { StoreInUse, StoreUnavailable } from '../storage.ts'

const IN_USE = /Could not set lock/i
const NO_SPACE =
  /No space left|disk is full|Could not write|failed to write|failed to offload|Cannot open file|Out of Memory/i
/** After such an error DuckDB refuses a file until it is opened again, even where there is space again. */
const INVALIDATED = /has been invalidated/
const DAMAGED =
  /checksum|corrupt|INTERNAL Error|FATAL Error|invalidated|Serialization Error|IO Error|not a valid DuckDB/i

/** Turns passing faults into `StoreUnavailable` and damage into `FiguresDamaged`, and returns other errors as they are. */
export function asFiguresFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreUnavailable || error instanceof FiguresDamaged) return error
  if (IN_USE.test(error.message)) return new StoreInUse(`another process has the figures open: ${error.message}`)
  if (NO_SPACE.test(error.message) && INVALIDATED.test(error.message)) {
    return new FiguresInvalidated(`the figures are to be opened again: ${error.message}`, { cause: error })
  }
  if (NO_SPACE.test(error.message)) {
    return new StoreUnavailable(`the figures cannot be used now: ${error.message}`, { cause: error })
  }
  if (DAMAGED.test(error.message)) {
    return new FiguresDamaged(`the figures cannot be read: ${error.message}`, { cause: error })
  }
  return error
}

/** Of what `asFiguresFault` makes of it. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof StoreUnavailable && /Out of Memory/i.test(error.message)

export const isInterruption = (error: unknown): boolean => error instanceof Error && /^INTERRUPT/.test(error.message)
