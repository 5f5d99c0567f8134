/** The JSON in request bodies: its encoding, its length, what it is parsed to. */
import { isUtf8 } from 'node:buffer'
import { invalidInput, ServiceError } from '../errors.ts'
import { MALFORMED_JSON, parseLine, type RawEvent } from '../ingestion/raw-event.ts'

/** Bytes that an event may have, alone or in a batch. */
export const MAX_EVENT_BYTES = 64 * 1024

/**
 * The raw event in a body, or in a line of one. Bytes that are not UTF-8 are not JSON. A byte order mark, as editors on
 * Windows write it, is ignored.
 */
export function parseBytes(bytes: Buffer | undefined): RawEvent {
  if (bytes === undefined) return { text: '' }
  const text = withoutMark(bytes).toString('utf8')
  return isUtf8(bytes) ? parseLine(text) : { text }
}

/** The JSON of a body. @throws ServiceError 400 `malformed_json` */
export function parseBody(bytes: Buffer | undefined): unknown {
  const raw = parseBytes(bytes)
  if ('value' in raw) return raw.value
  throw malformed()
}

export function malformed(): ServiceError {
  return invalidInput([{ path: '', code: MALFORMED_JSON, message: 'The body must be JSON in UTF-8' }])
}

/** The bytes without the byte order mark that they may begin with. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
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
