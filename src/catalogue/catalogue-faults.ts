/** What can go wrong with a call to the catalogue. */
import { isBrokenCircuitError, isTaskCancelledError, TaskCancelledError } from 'cockatiel'

/**
 * Why there is no answer: `open`: the circuit is open; `paused`: the catalogue said to wait; `timeout`: the last
 * attempt took too long; `error`: everything else.
 */
export type UnavailableReason = 'error' | 'open' | 'timeout' | 'paused'

export class CatalogueUnavailable extends Error {
  override name = 'CatalogueUnavailable'
  readonly reason: UnavailableReason
  /** The catalogue did answer, with something that can't be used. */
  readonly unusable: boolean

  constructor(reason: UnavailableReason, message: string, more: { unusable?: boolean; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.reason = reason
    this.unusable = more.unusable ?? false
  }
}

/** The catalogue can't be reached, or says that it is overloaded: another attempt may succeed. */
export class TransientFault extends Error {
  override name = 'TransientFault'
}

/** An answer beyond a limit. Another attempt would bring the same, but a catalogue that sends it counts as failing. */
export class ExcessiveAnswer extends Error {
  override name = 'ExcessiveAnswer'
}

/** `what` completes 'the catalogue's answer …'. */
export function unusableAnswer(what: string, cause?: unknown): CatalogueUnavailable {
  return new CatalogueUnavailable('error', `the catalogue's answer ${what}`, { unusable: true, cause })
}

/** What a failed attempt means: a time-out, an answer that can't be read, or a connection that failed. */
export function faultOfAttempt(error: unknown, signal: AbortSignal): Error {
  if (error instanceof ExcessiveAnswer || error instanceof TransientFault) return error
  if (signal.aborted) return new TaskCancelledError('the catalogue took too long')
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return isMalformed(cause)
    ? unusableAnswer("can't be read", cause)
    : new TransientFault('the catalogue cannot be reached', { cause })
}

/** What a call fails with, whatever ended it. */
export function toUnavailable(error: unknown): CatalogueUnavailable {
  if (error instanceof CatalogueUnavailable) return error
  if (error instanceof ExcessiveAnswer) return unusableAnswer(error.message)
  const reason = isBrokenCircuitError(error) ? 'open' : isTaskCancelledError(error) ? 'timeout' : 'error'
  const message = error instanceof Error ? error.message : String(error)
  return new CatalogueUnavailable(reason, message, { cause: error })
}

/** Not HTTP, too many headers, or a compressed body that can't be expanded. */
function isMalformed(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  const code = 'code' in cause ? String(cause.code) : ''
  return cause.name === 'HTTPParserError' || /^(UND_ERR_HEADERS_OVERFLOW|Z_|ZSTD_|ERR__ERROR|ERR_BROTLI)/.test(code)
}
