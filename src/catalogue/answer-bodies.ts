/**
 * Readers of the bodies of the catalogue's answers, which are not trusted: bytes, nesting and items are limited while a body
 * arrives, before it is parsed; and a list is parsed item by item.
 */
import { parseAnswer } from './answers.ts'
import { ExcessiveAnswer } from './catalogue-faults.ts'

/** Reads a body chunk by chunk. */
export interface BodyReader<T> {
  /** Whether the rest of the body need not be read. */
  isOver?: boolean
  /** @throws ExcessiveAnswer where the body exceeds a limit */
  push(chunk: Uint8Array): void
  /** What the body holds; undefined where it has another form. To be called after the last chunk. */
  end(): T | undefined
}

/** The catalogue's answers are nested 6 deep at most: albums have tracks, tracks have artists. */
const MAX_NESTING = 32
/** The limit for one item of a list. */
const MAX_ITEM_BYTES = 2 ** 20
/** The limit for white space before a list. */
const MAX_SPACE_BYTES = 1024

const QUOTE = 34
const COMMA = 44
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const SPACES = new Set([32, 9, 10, 13])

/** 1 for the bytes that are JSON's syntax outside of strings. In UTF-8, no byte of a longer character equals one of them. */
const SYNTAX = new Uint8Array(256)
for (const byte of [QUOTE, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT]) SYNTAX[byte] = 1

/** Follows the nesting of JSON, chunk by chunk. */
class Nesting {
  depth = 0
  #inString = false
  #escaped = false

  /**
   * The index of the next comma or bracket outside of strings, from `from` on; the chunk's length where there is none.
   * @throws ExcessiveAnswer
   */
  next(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.#inString) at = this.#endOfString(chunk, at)
      else if (SYNTAX[chunk[at]!] === 1) {
        const byte = chunk[at]!
        if (byte === QUOTE) this.#inString = true
        else {
          this.#count(byte)
          return at
        }
      }
    }
    return chunk.length
  }

  #count(byte: number): void {
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.depth--
    else if (byte !== COMMA && ++this.depth > MAX_NESTING) {
      throw new ExcessiveAnswer(`is nested more than ${MAX_NESTING} deep`)
    }
  }

  /** The index of the quote that ends the string; the chunk's length where there is none. */
  #endOfString(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (this.#escaped) this.#escaped = false
      else if (byte === BACKSLASH) this.#escaped = true
      else if (byte === QUOTE) {
        this.#inString = false
        return at
      }
    }
    return chunk.length
  }
}

/** Collects at most `max` bytes. */
class ByteCollector {
  readonly #max: number
  #chunks: Uint8Array[] = []
  #length = 0

  constructor(max: number) {
    this.#max = max
  }

  add(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > this.#max) throw new ExcessiveAnswer(`has more than ${this.#max} bytes`)
    if (chunk.length > 0) this.#chunks.push(chunk)
  }

  take(): Uint8Array {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#length = 0
    return bytes
  }
}

/** Reads a body of at most `maxBytes` bytes as one value. */
export function wholeBody(maxBytes: number): BodyReader<unknown> {
  const nesting = new Nesting()
  const body = new ByteCollector(maxBytes)
  return {
    push(chunk) {
      body.add(chunk)
      for (let at = 0; at < chunk.length; at++) at = nesting.next(chunk, at)
    },
    end: () => parseAnswer(body.take()),
  }
}

/** The limits of a list. Items that are left out count too. */
export interface ListBounds {
  bytes: number
  items: number
}

/** Reads a body that is a list. `read` returns what an item holds; items for which it returns undefined are left out. */
export class ListBody<T> implements BodyReader<T[]> {
  readonly #bounds: ListBounds
  readonly #read: (item: unknown) => T | undefined
  readonly #nesting = new Nesting()
  readonly #item = new ByteCollector(MAX_ITEM_BYTES)
  /** White space before the list. */
  readonly #space = new ByteCollector(MAX_SPACE_BYTES)
  readonly #found: T[] = []
  #length = 0
  #items = 0
  #state: 'before' | 'inside' | 'after' | 'no list' = 'before'

  constructor(bounds: ListBounds, read: (item: unknown) => T | undefined) {
    this.#bounds = bounds
    this.#read = read
  }

  get isOver(): boolean {
    return this.#state === 'no list'
  }

  push(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#length > this.#bounds.bytes) throw new ExcessiveAnswer(`has more than ${this.#bounds.bytes} bytes`)
    let at = this.#state === 'before' ? this.#begin(chunk) : 0
    while (this.#state === 'inside' && at < chunk.length) at = this.#readItem(chunk, at)
    if (this.#state === 'after' && !isBlank(chunk.subarray(at))) this.#state = 'no list'
  }

  end(): T[] | undefined {
    return this.#state === 'after' ? this.#found : undefined
  }

  /** Looks for the bracket that opens the list; returns the index after it. */
  #begin(chunk: Uint8Array): number {
    const at = chunk.indexOf(OPEN_ARRAY)
    const before = Buffer.concat([this.#space.take(), at < 0 ? chunk : chunk.subarray(0, at)])
    if (!isBlank(before, BYTE_ORDER_MARK)) this.#state = 'no list'
    else if (at < 0) this.#space.add(before)
    else {
      this.#nesting.next(chunk, at)
      this.#state = 'inside'
    }
    return at + 1
  }

  /** Reads an item to its end, or to the chunk's; returns the index after that. */
  #readItem(chunk: Uint8Array, from: number): number {
    let at = this.#nesting.next(chunk, from)
    while (at < chunk.length && !this.#isEnd(chunk[at]!)) at = this.#nesting.next(chunk, at + 1)
    this.#item.add(chunk.subarray(from, at))
    if (at < chunk.length) this.#finish(chunk[at]!)
    return at + 1
  }

  /** Whether the byte ends an item: it is a comma of the list itself, or the bracket that closes the list. */
  #isEnd(byte: number): boolean {
    return (byte === COMMA && this.#nesting.depth === 1) || this.#nesting.depth === 0
  }

  #finish(byte: number): void {
    const bytes = this.#item.take()
    if (byte !== COMMA) this.#state = byte === CLOSE_ARRAY ? 'after' : 'no list'
    // The list is empty: `[]`.
    if (byte === CLOSE_ARRAY && this.#items === 0 && isBlank(bytes)) return
    if (++this.#items > this.#bounds.items) throw new ExcessiveAnswer(`has more than ${this.#bounds.items} items`)
    const item = parseAnswer(bytes)
    if (item === undefined) this.#state = 'no list'
    const found = this.#read(item)
    if (found !== undefined) this.#found.push(found)
  }
}

/** Whether there is only white space, after the mark if it begins with that. */
function isBlank(bytes: Uint8Array, mark: Uint8Array = new Uint8Array()): boolean {
  const isMarked = mark.every((byte, at) => bytes[at] === byte)
  return bytes.subarray(isMarked ? mark.length : 0).every(byte => SPACES.has(byte))
}

/** The same reader, but a body that exceeds a limit gives `excessive` instead of an error. */
export function unlessExcessive<T>(reader: BodyReader<T>): BodyReader<T | 'excessive'> {
  return {
    isOver: false,
    push(chunk) {
      try {
        reader.push(chunk)
      } catch (error) {
        if (!(error instanceof ExcessiveAnswer)) throw error
        this.isOver = true
      }
    },
    end() {
      return this.isOver ? 'excessive' : reader.end()
    },
  }
}
