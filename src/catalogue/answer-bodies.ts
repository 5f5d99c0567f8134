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
/** Of blanks before a list. */
const MAX_SPACE_BYTES = 1024

const QUOTE = 34
const COMMA = 44
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN = 123
const CLOSE = 125
const MARK = Buffer.from([0xef, 0xbb, 0xbf])
const SPACES = new Set([32, 9, 10, 13])

/** 1 for the bytes that mean something outside of strings; in UTF-8 no byte of a longer character looks like one. */
const STRUCTURE = new Uint8Array(256)
for (const byte of [QUOTE, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN, CLOSE]) STRUCTURE[byte] = 1

/** How deep the JSON is nested at a place. */
class Nesting {
  depth = 0
  #inString = false
  #escaped = false

  /** The place of the next comma or bracket outside of strings, from `at` on; the end where there is none. @throws ExcessiveAnswer */
  next(chunk: Uint8Array, at: number): number {
    for (let place = at; place < chunk.length; place++) {
      if (this.#inString) place = this.#endOfString(chunk, place)
      else if (STRUCTURE[chunk[place]!] === 1) {
        const byte = chunk[place]!
        if (byte === QUOTE) this.#inString = true
        else {
          this.#count(byte)
          return place
        }
      }
    }
    return chunk.length
  }

  #count(byte: number): void {
    if (byte === CLOSE || byte === CLOSE_ARRAY) this.depth--
    else if (byte !== COMMA && ++this.depth > MAX_NESTING) {
      throw new ExcessiveAnswer(`is nested more than ${MAX_NESTING} deep`)
    }
  }

  /** The place of the quote that ends the string, or the end of the chunk. */
  #endOfString(chunk: Uint8Array, at: number): number {
    let place = at
    for (; place < chunk.length; place++) {
      const byte = chunk[place]!
      if (this.#escaped) this.#escaped = false
      else if (byte === BACKSLASH) this.#escaped = true
      else if (byte === QUOTE) {
        this.#inString = false
        return place
      }
    }
    return place
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
      pieces.add(chunk)
      for (let at = 0; at < chunk.length; at++) at = nesting.next(chunk, at)
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
  /** What comes before the list. */
  readonly #space = new Pieces(MAX_SPACE_BYTES)
  readonly #found: T[] = []
  #length = 0
  #items = 0
  #state: 'before' | 'inside' | 'behind' | 'no list' = 'before'

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
    if (this.#state === 'behind' && !isBlank(chunk.subarray(at))) this.#state = 'no list'
  }

  end(): T[] | undefined {
    return this.#state === 'behind' ? this.#found : undefined
  }

  /** Looks for the bracket that opens the list; gives the place behind it. */
  #begin(chunk: Uint8Array): number {
    const at = chunk.indexOf(OPEN_ARRAY)
    const before = Buffer.concat([this.#space.take(), at < 0 ? chunk : chunk.subarray(0, at)])
    if (!isBlank(before, MARK)) this.#state = 'no list'
    else if (at < 0) this.#space.add(before)
    else {
      this.#nesting.next(chunk, at)
      this.#state = 'inside'
    }
    return at + 1
  }

  /** Reads on in an item, to its end or the chunk's; gives the place behind. */
  #readItem(chunk: Uint8Array, from: number): number {
    let at = this.#nesting.next(chunk, from)
    while (at < chunk.length && !this.#isEnd(chunk[at]!)) at = this.#nesting.next(chunk, at + 1)
    this.#item.add(chunk.subarray(from, at))
    if (at < chunk.length) this.#finish(chunk[at]!)
    return at + 1
  }

  /** Whether an item ends here: at a comma of the list itself, or at its end. */
  #isEnd(byte: number): boolean {
    return (byte === COMMA && this.#nesting.depth === 1) || this.#nesting.depth === 0
  }

  #finish(byte: number): void {
    const bytes = this.#item.take()
    if (byte !== COMMA) this.#state = byte === CLOSE_ARRAY ? 'behind' : 'no list'
    // `[]`
    if (byte === CLOSE_ARRAY && this.#items === 0 && isBlank(bytes)) return
    if (++this.#items > this.#bounds.items) throw new ExcessiveAnswer(`has more than ${this.#bounds.items} items`)
    const item = parseAnswer(bytes)
    if (item === undefined) this.#state = 'no list'
    const found = this.#read(item)
    if (found !== undefined) this.#found.push(found)
  }
}

/** Whether there is nothing but blanks, behind the mark, if it begins with that. */
function isBlank(bytes: Uint8Array, mark: Uint8Array = new Uint8Array()): boolean {
  const isMarked = mark.every((byte, at) => bytes[at] === byte)
  return bytes.subarray(isMarked ? mark.length : 0).every(byte => SPACES.has(byte))
}
