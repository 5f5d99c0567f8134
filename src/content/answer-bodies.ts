/**
 * Reading the bodies of the catalogue's answers as if a stranger had sent them: bounded in bytes, nesting and items while
 * they come, before anything of them is parsed; and of a list only one item at a time is.
 */
import { parseAnswer } from './answers.ts'
import { ExcessiveAnswer } from './policies.ts'

/** Takes in a body, piece by piece. */
export interface BodyReader<T> {
  /** Whether nothing more needs to be read. */
  isOver?: boolean
  /** @throws ExcessiveAnswer where it is more than a bound allows */
  push(chunk: Uint8Array): void
  /** What it holds; undefined where it is not what it should be. To be called after the last piece. */
  end(): T | undefined
}

/** Albums have tracks, tracks have artists: nothing that is asked for is nested deeper than 6. */
const MAX_NESTING = 32
/** Of one item of a list. */
const MAX_ITEM_BYTES = 2 ** 20

const QUOTE = 34
const COMMA = 44
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN = 123
const CLOSE = 125
const MARK = [0xef, 0xbb, 0xbf]
const SPACES = new Set([32, 9, 10, 13])

/** How deep the JSON is nested at a place; it works on bytes, for in UTF-8 none of a longer character looks like a bracket. */
class Nesting {
  depth = 0
  #inString = false
  #escaped = false

  /** Takes the next byte; false where it is inside a string. @throws ExcessiveAnswer */
  take(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (byte === BACKSLASH) this.#escaped = true
      else if (byte === QUOTE) this.#inString = false
      return false
    }
    if (byte === QUOTE) this.#inString = true
    else if (byte === CLOSE || byte === CLOSE_ARRAY) this.depth--
    else if ((byte === OPEN || byte === OPEN_ARRAY) && ++this.depth > MAX_NESTING) {
      throw new ExcessiveAnswer(`is nested more than ${MAX_NESTING} deep`)
    }
    return true
  }
}

/** Pieces of a body, of `max` bytes at most. */
class Pieces {
  readonly #max: number
  #pieces: Uint8Array[] = []
  #length = 0

  constructor(max: number) {
    this.#max = max
  }

  add(piece: Uint8Array): void {
    this.#length += piece.length
    if (this.#length > this.#max) throw new ExcessiveAnswer(`has more than ${this.#max} bytes`)
    if (piece.length > 0) this.#pieces.push(piece)
  }

  take(): Uint8Array {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#length = 0
    return bytes
  }
}

/** Reads a body of at most `maxBytes` as one value. */
export function wholeBody(maxBytes: number): BodyReader<unknown> {
  const nesting = new Nesting()
  const pieces = new Pieces(maxBytes)
  return {
    push(chunk) {
      for (const byte of chunk) nesting.take(byte)
      pieces.add(chunk)
    },
    end: () => parseAnswer(pieces.take()),
  }
}

/** A list may have so many bytes, and so many items, those that are left out included. */
export interface ListBounds {
  bytes: number
  items: number
}

/** Reads a body that is a list; `read` gives what an item is, or undefined for what is left out. */
export class ListBody<T> implements BodyReader<T[]> {
  readonly #bounds: ListBounds
  readonly #read: (item: unknown) => T | undefined
  readonly #nesting = new Nesting()
  readonly #item = new Pieces(MAX_ITEM_BYTES)
  readonly #found: T[] = []
  #length = 0
  #items = 0
  #state: 'before' | 'inside' | 'behind' | 'no list' = 'before'

  constructor(bounds: ListBounds, read: (item: unknown) => T | undefined) {
    this.#bounds = bounds
    this.#read = read
  }

  push(chunk: Uint8Array): void {
    let begin = 0
    for (let at = 0; at < chunk.length && this.#state !== 'no list'; at++) {
      const byte = chunk[at]!
      if (this.#state !== 'inside') {
        this.#outside(byte, this.#length + at)
        begin = at + 1
      } else if (this.#nesting.take(byte) && this.#isEnd(byte)) {
        this.#item.add(chunk.subarray(begin, at))
        this.#finish(byte)
        begin = at + 1
      }
    }
    if (this.#state === 'inside') this.#item.add(chunk.subarray(begin))
    this.#length += chunk.length
    if (this.#length > this.#bounds.bytes) throw new ExcessiveAnswer(`has more than ${this.#bounds.bytes} bytes`)
  }

  end(): T[] | undefined {
    return this.#state === 'behind' ? this.#found : undefined
  }

  #outside(byte: number, place: number): void {
    if (SPACES.has(byte) || MARK[place] === byte) return
    if (this.#state === 'before' && byte === OPEN_ARRAY) {
      this.#nesting.take(byte)
      this.#state = 'inside'
    } else this.#state = 'no list'
  }

  /** Whether an item ends here: at a comma of the list itself, or at its end. */
  #isEnd(byte: number): boolean {
    return (byte === COMMA && this.#nesting.depth === 1) || this.#nesting.depth === 0
  }

  #finish(byte: number): void {
    const bytes = this.#item.take()
    if (byte !== COMMA) this.#state = byte === CLOSE_ARRAY ? 'behind' : 'no list'
    // `[]`
    if (byte === CLOSE_ARRAY && this.#items === 0 && bytes.every(each => SPACES.has(each))) return
    if (++this.#items > this.#bounds.items) throw new ExcessiveAnswer(`has more than ${this.#bounds.items} items`)
    const item = parseAnswer(bytes)
    if (item === undefined) this.#state = 'no list'
    const found = this.#read(item)
    if (found !== undefined) this.#found.push(found)
  }
}
