/** The JSON in request bodies. */
import { invalidInput, ServiceError } from '../errors.ts'
import { MALFORMED_JSON, parseBytes } from '../ingestion/raw-event.ts'

/** The JSON of a body. @throws ServiceError 400 `malformed_json` */
export function parseBody(bytes: Buffer | undefined): unknown {
  const json = parseBytes(bytes ?? Buffer.alloc(0))
  if ('value' in json) return json.value
  throw malformed()
}

export function malformed(): ServiceError {
  return invalidInput([{ path: '', code: MALFORMED_JSON, message: 'The body must be JSON in UTF-8' }])
}

/**
 * Refuses UTF-16 and UTF-32: they begin with their own byte order mark, or have a zero among the bytes of the first
 * character, which in JSON is ASCII. @throws ServiceError 415 `unsupported_charset`
 */
export function refuseWideText([first, second]: Buffer): void {
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  if (!isMarked && first !== 0 && second !== 0) return
  throw new ServiceError(415, 'unsupported_charset', 'The body must be UTF-8, and this is UTF-16 or UTF-32')
}
