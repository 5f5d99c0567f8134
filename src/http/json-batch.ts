/**
 * Reads the events of a batch in JSON one by one: parsing 16 MiB of small values at once would take hundreds of megabytes,
 * and keep all other requests waiting for hundreds of milliseconds.
 */
import { setImmediate as yieldThread } from 'node:timers/promises'
import { invalidInput, ServiceError } from '../errors.ts'
import { MAX_EVENT_BYTES } from '../events/bounds.ts'
import { type RawEvent, rawEventOf, withoutMark } from '../ingestion/raw-event.ts'
import { CHUNK_EVENTS } from './batch-items.ts'
import { malformed, parseBody } from './body.ts'

export const MAX_BATCH_EVENTS = 10_000
/** Bytes of the items that are validated and written at a time. */
const CHUNK_BYTES = 128 * 1024

/** The events of a body up to this size are parsed once, by the check; a larger body is parsed again, to save memory. */
const KEPT_BYTES = 1024 * 1024

/** The events of a batch in their order, in chunks. */
export interface Batch {
  count: number
  chunks: Iterable<RawEvent[]>
}

/**
 * The batch of a body: an array, or an object whose field `events` is one. All of it is checked to be JSON before this
 * resolves, except events that are too long anyway.
 * @throws ServiceError 400 `malformed_json` or `required`, 413 `too_many_events`
 */
export async function readBatch(body: Buffer | undefined): Promise<Batch> {
  const items = new BatchScanner(withoutMark(body ?? Buffer.alloc(0))).events()
  const isSmall = body !== undefined && body.length <= KEPT_BYTES
  const kept: RawEvent[][] = []
  for (const bytes of chunksOf(items)) {
    const chunk = bytes.map(rawEventOf)
    if (chunk.some(raw => 'malformed' in raw)) throw malformed()
    if (isSmall) kept.push(chunk)
    await yieldThread()
  }
  return { count: items.length, chunks: isSmall ? kept : chunksOf(items).map(chunk => chunk.map(rawEventOf)) }
}

function* chunksOf(items: readonly Buffer[]): Generator<Buffer[]> {
  let chunk: Buffer[] = []
  let bytes = 0
  for (const item of items) {
    if (chunk.length === CHUNK_EVENTS || (bytes + item.length > CHUNK_BYTES && chunk.length > 0)) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(item)
    bytes += Math.min(item.length, MAX_EVENT_BYTES)
  }
  if (chunk.length > 0) yield chunk
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Finds where the events of a batch begin and end, without parsing them. */
class BatchScanner {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  events(): Buffer[] {
    const events = this.#eventsValue()
    if (this.#peek() !== undefined) throw malformed()
    if (events) return events
    const message = 'must be an array, or the body itself must be one'
    throw invalidInput([{ path: 'events', code: 'required', message }])
  }

  #eventsValue(): Buffer[] | undefined {
    const first = this.#peek()
    if (first === OPEN_ARRAY) return this.#array()
    if (first === OPEN_OBJECT) return this.#eventsField()
    checked(this.#value())
    return undefined
  }

  #array(): Buffer[] {
    const items: Buffer[] = []
    this.#list(OPEN_ARRAY, CLOSE_ARRAY, () => {
      if (items.length === MAX_BATCH_EVENTS) throw tooManyEvents()
      items.push(this.#value())
    })
    return items
  }

  /** The field `events` of an object; the last one where there are several, as JSON.parse does. */
  #eventsField(): Buffer[] | undefined {
    let events: Buffer[] | undefined
    this.#list(OPEN_OBJECT, CLOSE_OBJECT, () => {
      const key = checked(this.#value())
      if (typeof key !== 'string') throw malformed()
      this.#take(COLON)
      const isList = key === 'events' && this.#peek() === OPEN_ARRAY
      if (isList) events = this.#array()
      else checked(this.#value())
      if (key === 'events' && !isList) events = undefined
    })
    return events
  }

  #list(open: number, close: number, takeItem: () => void): void {
    this.#take(open)
    if (this.#peek() !== close) {
      takeItem()
      while (this.#peek() === COMMA) {
        this.#take(COMMA)
        takeItem()
      }
    }
    this.#take(close)
  }

  /** The bytes of the next value, up to the comma, colon or bracket after it. Local variables are for speed. */
  #value(): Buffer {
    this.#peek()
    const bytes = this.#bytes
    const start = this.#at
    let at = start
    let depth = 0
    for (; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte === QUOTE) at = endOfString(bytes, at)
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++
      else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        if (depth === 0) break
        depth--
      } else if (depth === 0 && (byte === COMMA || byte === COLON)) break
    }
    if (at === start || depth > 0) throw malformed()
    this.#at = at
    return bytes.subarray(start, at)
  }

  #take(byte: number): void {
    if (this.#peek() !== byte) throw malformed()
    this.#at++
  }

  /** The next byte that is no white space; undefined at the end. */
  #peek(): number | undefined {
    while (isSpace(this.#bytes[this.#at])) this.#at++
    return this.#bytes[this.#at]
  }
}

/** The position of the closing quote. */
function endOfString(bytes: Buffer, quote: number): number {
  for (let at = quote + 1; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
  }
  throw malformed()
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** The value of bytes beside the events. @throws ServiceError 400 where they are no JSON, or longer than an event may be */
function checked(bytes: Buffer): unknown {
  if (bytes.length > MAX_EVENT_BYTES) {
    const message = `What stands beside the events must not be longer than ${MAX_EVENT_BYTES} bytes`
    throw new ServiceError(400, 'too_large', message)
  }
  return parseBody(bytes)
}

function tooManyEvents(): ServiceError {
  const message = `A batch takes at most ${MAX_BATCH_EVENTS} events; send lines for more`
  return new ServiceError(413, 'too_many_events', message)
}
