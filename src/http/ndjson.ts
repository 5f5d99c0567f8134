/** Events as lines of any number: read, taken in and answered in constant memory. */
import { Readable } from 'node:stream'
import { ServiceError } from '../errors.ts'
import { MAX_EVENT_BYTES } from '../events/bounds.ts'
import { type RawEvent, rawEventOf, withoutMark } from '../ingestion/raw-event.ts'
import { BatchTally, type ListedResult, ResultRoom } from './batch-tally.ts'
import { refuseWideText } from './body.ts'
import { piecesOf } from './pieces.ts'
import { type Receive, receiveChunks } from './receive.ts'

/** Lines that are validated and written at a time. */
const CHUNK = 500
/** Lines that are refused, after which reading ends: more dead letters would only push out each other. */
export const MAX_REFUSED = 5_000

/**
 * The answer to a stream of lines, itself a stream: nothing is read from `source` that is not wanted, and nothing is
 * wanted while the client does not read the answer. Destroying the answer ends the reading; `stop` ends it too, with an
 * answer that says so.
 */
export function answerLines(source: Readable, receive: Receive, stop: AbortSignal): Readable {
  return Readable.from(answer(piecesOf(source, stop), receive), { objectMode: false })
}

async function* answer(source: AsyncIterable<Buffer>, receive: Receive): AsyncGenerator<string> {
  const tally = new BatchTally()
  // Two chunks are under way when the last one that is allowed is refused.
  const room = new ResultRoom(MAX_REFUSED + 2 * CHUNK)
  let error: { code: string; message: string } | undefined
  let begun = false
  let refused = 0
  try {
    const items = itemsOf(source, () => refused >= MAX_REFUSED)
    for await (const results of receiveChunks(items, receive)) {
      const listed = tally.add(results).filter(({ status }) => status !== 'accepted' && status !== 'duplicate')
      const beginning = begun ? '' : '{"results":['
      begun = true
      const text = beginning + textOf(listed, refused, room)
      refused += listed.length
      if (text !== '') yield text
    }
  } catch (thrown) {
    // Without a beginning, the answer can still become a problem document.
    if (!begun) throw thrown
    error = told(thrown)
  }
  if (!begun) yield '{"results":['
  yield `],${JSON.stringify({ ...tally.counts(), ...(room.cut ? { cut: true } : {}), error }).slice(1)}`
}

/** `before`: how many results stand before them. */
function textOf(results: readonly ListedResult[], before: number, room: ResultRoom): string {
  return results.map((result, i) => (before + i > 0 ? ',\n' : '') + JSON.stringify(room.fit(result))).join('')
}

function tooManyRefused(): ServiceError {
  const message = `More than ${MAX_REFUSED} lines were refused: what comes after the counted ones was not read`
  return new ServiceError(400, 'too_many_refused', message)
}

function told(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof ServiceError) return { code: thrown.code, message: thrown.message }
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string }
  if (statusCode === 400) return { code: code ?? 'invalid_request', message: message ?? '' }
  return { code: 'internal', message: 'Reading ended early because something failed inside the service' }
}

/** What was given is received and counted, also where it ends with an error: a client can go on behind it. */
async function* itemsOf(source: AsyncIterable<Buffer>, isEnough: () => boolean): AsyncGenerator<RawEvent[]> {
  const lines = new LineSplitter()
  for await (const bytes of source) {
    for (const chunk of chunksOf(lines.push(bytes))) {
      if (isEnough()) throw tooManyRefused()
      yield chunk
    }
  }
  yield* chunksOf(lines.end())
}

function* chunksOf(items: readonly RawEvent[]): Generator<RawEvent[]> {
  for (let i = 0; i < items.length; i += CHUNK) yield items.slice(i, i + CHUNK)
}

const NEWLINE = 0x0a
/** Lines in a row that hold nothing. */
const MAX_BLANK_LINES = 100_000

/**
 * Cuts bytes into lines; of a line that is too long it holds no more than a beginning.
 * @throws ServiceError 415 where the first line shows that they are not UTF-8, 400 where there are too many blank lines
 */
export class LineSplitter {
  #parts: Buffer[] = []
  #length = 0
  #isFirst = true
  #blank = 0

  /** The lines that end in these bytes. */
  push(bytes: Buffer): RawEvent[] {
    const items: RawEvent[] = []
    let start = 0
    while (start < bytes.length) {
      // What has no length at all is not worth the work of a line.
      if (bytes[start] === NEWLINE && this.#length === 0) {
        start++
        this.#countBlank()
        continue
      }
      const end = bytes.indexOf(NEWLINE, start)
      this.#append(bytes.subarray(start, end < 0 ? bytes.length : end))
      if (end < 0) break
      this.#finish(items)
      start = end + 1
    }
    return items
  }

  /** The last line, where it has no newline. */
  end(): RawEvent[] {
    const items: RawEvent[] = []
    this.#finish(items)
    return items
  }

  #append(bytes: Buffer): void {
    if (this.#length <= MAX_EVENT_BYTES) this.#parts.push(bytes)
    this.#length += bytes.length
  }

  #finish(items: RawEvent[]): void {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)
    if (this.#isFirst) refuseWideText(bytes)
    this.#parts = []
    this.#length = 0
    this.#isFirst = false
    if (bytes.length <= MAX_EVENT_BYTES && isBlank(withoutMark(bytes))) this.#countBlank()
    else {
      this.#blank = 0
      items.push(rawEventOf(bytes))
    }
  }

  #countBlank(): void {
    if (++this.#blank <= MAX_BLANK_LINES) return
    const message = `More than ${MAX_BLANK_LINES} lines in a row hold nothing: the rest was not read`
    throw new ServiceError(400, 'too_many_blank_lines', message)
  }
}

function isBlank(line: Buffer): boolean {
  return line.every(byte => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
