/** Events as lines of any number: read, taken in and answered in constant memory. */
import { Readable } from 'node:stream'
import { cutText } from '../cut-text.ts'
import { ServiceError, unavailable } from '../errors.ts'
import { BatchTally } from './batch-tally.ts'
import { MAX_EVENT_BYTES, parseBytes, refuseWideText, withoutMark } from './body.ts'
import { type Item, OVERSIZED_KEPT, type Receive, receiveChunks } from './receive.ts'

/** Lines that are validated and written at a time. */
const CHUNK = 500

/**
 * The answer to a stream of lines, itself a stream: nothing is read from `source` that is not wanted, and nothing is
 * wanted while the client does not read the answer. Destroying the answer ends the reading; `stop` ends it too, with an
 * answer that says so.
 */
export function answerLines(source: AsyncIterable<Buffer>, receive: Receive, stop: AbortSignal): Readable {
  return Readable.from(answer(stoppable(source, stop), receive), { objectMode: false })
}

async function* stoppable(source: AsyncIterable<Buffer>, stop: AbortSignal): AsyncGenerator<Buffer> {
  const stopped = Promise.withResolvers<never>()
  // Nobody may be waiting for it when it happens.
  stopped.promise.catch(() => {})
  const onStop = () => stopped.reject(unavailable('the service is shutting down: send the rest again'))
  if (stop.aborted) onStop()
  stop.addEventListener('abort', onStop)
  const iterator = source[Symbol.asyncIterator]()
  try {
    while (true) {
      const { done, value } = await Promise.race([iterator.next(), stopped.promise])
      if (done) return
      yield value
    }
  } finally {
    stop.removeEventListener('abort', onStop)
  }
}

async function* answer(source: AsyncIterable<Buffer>, receive: Receive): AsyncGenerator<string> {
  const tally = new BatchTally()
  let error: { code: string; message: string } | undefined
  let begun = false
  let separator = ''
  try {
    for await (const results of receiveChunks(itemsOf(source), receive)) {
      const refused = tally.add(results).filter(({ status }) => status !== 'accepted' && status !== 'duplicate')
      let text = begun ? '' : '{"results":['
      begun = true
      for (const result of refused) {
        text += separator + JSON.stringify(result)
        separator = ',\n'
      }
      if (text !== '') yield text
    }
  } catch (thrown) {
    // Without a beginning, the answer can still become a problem document.
    if (!begun) throw thrown
    error = told(thrown)
  }
  if (!begun) yield '{"results":['
  yield `],${JSON.stringify({ ...tally.counts(), error }).slice(1)}`
}

function told(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof ServiceError) return { code: thrown.code, message: thrown.message }
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string }
  if (statusCode === 400) return { code: code ?? 'invalid_request', message: message ?? '' }
  return { code: 'internal', message: 'Reading ended early because something failed inside the service' }
}

async function* itemsOf(source: AsyncIterable<Buffer>): AsyncGenerator<Item[]> {
  const lines = new LineSplitter()
  for await (const bytes of source) yield* chunksOf(lines.push(bytes))
  yield* chunksOf(lines.end())
}

function* chunksOf(items: readonly Item[]): Generator<Item[]> {
  for (let i = 0; i < items.length; i += CHUNK) yield items.slice(i, i + CHUNK)
}

const NEWLINE = 0x0a

/**
 * Cuts bytes into lines; of a line that is too long it holds no more than a beginning.
 * @throws ServiceError 415 where the first line shows that they are not UTF-8
 */
export class LineSplitter {
  #parts: Buffer[] = []
  #length = 0
  #isFirst = true

  /** The lines that end in these bytes. */
  push(bytes: Buffer): Item[] {
    const items: Item[] = []
    let start = 0
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.#append(bytes.subarray(start, end))
      this.#finish(items)
      start = end + 1
    }
    this.#append(bytes.subarray(start))
    return items
  }

  /** The last line, where it has no newline. */
  end(): Item[] {
    const items: Item[] = []
    this.#finish(items)
    return items
  }

  #append(bytes: Buffer): void {
    if (this.#length <= MAX_EVENT_BYTES) this.#parts.push(bytes)
    this.#length += bytes.length
  }

  #finish(items: Item[]): void {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)
    if (this.#isFirst) refuseWideText(bytes)
    const line = withoutMark(bytes)
    const length = this.#length
    this.#parts = []
    this.#length = 0
    this.#isFirst = false
    if (length > MAX_EVENT_BYTES) {
      items.push({ oversized: cutText(line.toString('utf8', 0, 4 * OVERSIZED_KEPT), OVERSIZED_KEPT) })
    } else if (!isBlank(line)) items.push(parseBytes(line))
  }
}

function isBlank(line: Buffer): boolean {
  return line.every(byte => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}
