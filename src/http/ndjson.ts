/** Streams of events, one a line: read, ingested and answered in constant memory, however many they are. */
import { Readable } from 'node:stream'
import { ServiceError } from '../errors.ts'
import { MAX_EVENT_BYTES } from '../events/bounds.ts'
import { type RawEvent, rawEventOf, withoutMark } from '../ingestion/raw-event.ts'
import { CHUNK_EVENTS, type Receive, receiveChunks } from './batch-items.ts'
import { BatchCounter, type ListedResult, ResultBudget } from './batch-result.ts'
import { refuseWideText } from './body.ts'
import { chunksOf } from './body-stream.ts'

/** After so many refused lines reading ends: more dead letters would only push out each other. */
export const MAX_REFUSED = 5_000

/**
 * The answer to a stream of lines, itself a stream: lines are read only as fast as the client reads the answer. Destroying
 * the answer ends the reading; an aborted `stop` ends it too, with an answer that says so.
 */
export function answerLines(source: Readable, receive: Receive, stop: AbortSignal): Readable {
  return Readable.from(answer(chunksOf(source, stop), receive), { objectMode: false })
}

async function* answer(source: AsyncIterable<Buffer>, receive: Receive): AsyncGenerator<string> {
  const counter = new BatchCounter()
  // When the last line that is allowed is refused, two more chunks are under way.
  const budget = new ResultBudget(MAX_REFUSED + 2 * CHUNK_EVENTS)
  let error: { code: string; message: string } | undefined
  let begun = false
  let refused = 0
  try {
    const items = itemsOf(source, () => refused >= MAX_REFUSED)
    for await (const results of receiveChunks(items, receive)) {
      const listed = counter.add(results).filter(({ status }) => status !== 'accepted' && status !== 'duplicate')
      const beginning = begun ? '' : '{"results":['
      begun = true
      const text = beginning + textOf(listed, refused, budget)
      refused += listed.length
      if (text !== '') yield text
    }
  } catch (thrown) {
    // As long as the answer has not begun, it can become a problem document.
    if (!begun) throw thrown
    error = errorOf(thrown)
  }
  if (!begun) yield '{"results":['
  yield `],${JSON.stringify({ ...counter.counts(), ...(budget.cut ? { cut: true } : {}), error }).slice(1)}`
}

/** `before`: how many results the answer has already. */
function textOf(results: readonly ListedResult[], before: number, budget: ResultBudget): string {
  return results.map((result, i) => (before + i > 0 ? ',\n' : '') + JSON.stringify(budget.fit(result))).join('')
}

function tooManyRefused(): ServiceError {
  const message = `More than ${MAX_REFUSED} lines were refused: what comes after the counted ones was not read`
  return new ServiceError(400, 'too_many_refused', message)
}

function errorOf(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof ServiceError) return { code: thrown.code, message: thrown.message }
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string }
  if (statusCode === 400) return { code: code ?? 'invalid_request', message: message ?? '' }
  return { code: 'internal', message: 'Reading ended early because something failed inside the service' }
}

/** The events of the lines. Those before an error are ingested and counted, so that a client can go on after them. */
async function* itemsOf(source: AsyncIterable<Buffer>, areTooManyRefused: () => boolean): AsyncGenerator<RawEvent[]> {
  const lines = new LineSplitter()
  for await (const bytes of source) {
    for (const chunk of inChunks(lines.push(bytes))) {
      if (areTooManyRefused()) throw tooManyRefused()
      yield chunk
    }
  }
  yield* inChunks(lines.end())
}

function* inChunks(items: readonly RawEvent[]): Generator<RawEvent[]> {
  for (let i = 0; i < items.length; i += CHUNK_EVENTS) yield items.slice(i, i + CHUNK_EVENTS)
}

const NEWLINE = 0x0a
/** Blank lines in a row. */
const MAX_BLANK_LINES = 100_000

/**
 * Cuts bytes into lines; of a line that is too long it keeps only the beginning.
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
      // A shortcut: an empty line needs none of the work below.
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
