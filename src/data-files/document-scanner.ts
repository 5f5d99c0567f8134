/**
 * Splits a JSON array of documents, or documents one after the other (NDJSON), chunk by chunk: only the current document is
 * in memory. It finds where documents begin and end; whether they are JSON inside, `parseJson` checks.
 *
 * It works on bytes: in UTF-8, no byte of a longer character equals a bracket, a quote or a line feed.
 */
import { DataFileError } from './findings.ts'

/** MongoDB's own limits. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
export const MAX_NESTING = 100

export interface ScannedDocument {
  text: string
  /** Where it begins, 1 for the first. */
  line: number
  /** Which one it is, 1 for the first. */
  number: number
}

const NEWLINE = 10
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN = 123
const CLOSE = 125
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** What may come next outside a document. */
type Expected = 'anything' | 'document or end' | 'document' | 'comma or end' | 'document or nothing' | 'nothing'

const RULES: Record<Expected, string> = {
  anything: 'must begin with a JSON array or a document',
  'document or end': 'must go on with a document or the end of the array',
  document: 'must go on with a document',
  'comma or end': 'must go on with a comma or the end of the array',
  'document or nothing': 'must go on with a document',
  nothing: 'must have nothing after the end of the array',
}

export class DocumentScanner {
  readonly #file: string
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #expected: Expected = 'anything'
  /** Bytes of the file before the current chunk. */
  #before = 0
  #line = 1
  #begin = 1
  /** Documents that have begun. */
  #number = 0
  #depth = 0
  #inString = false
  #escaped = false
  #pieces: Uint8Array[] = []
  #size = 0

  /** `file`: the name in errors. */
  constructor(file: string) {
    this.#file = file
  }

  /** The current line, 1 for the first. */
  get line(): number {
    return this.#line
  }

  /** The documents that end in this chunk, whose bytes must not change afterwards. @throws DataFileError */
  *push(chunk: Uint8Array): Generator<ScannedDocument> {
    let at = 0
    while (at < chunk.length) {
      if (this.#depth === 0) {
        this.#between(chunk, at)
        if (this.#depth === 0) {
          at++
          continue
        }
      }
      const end = this.#scan(chunk, at)
      this.#keep(chunk.subarray(at, end))
      at = end
      if (this.#depth === 0) yield this.#finish()
    }
    this.#before += chunk.length
  }

  /** To be called at the end of the file. @throws DataFileError where it ends too early */
  end(): void {
    if (this.#depth > 0) {
      throw this.#fault(`ends inside the document that begins in line ${this.#begin}: the file is cut off`)
    }
    // An empty list is written []: a file of no bytes was rather lost than empty.
    if (this.#expected === 'anything') throw this.#fault('is empty')
    if (this.#expected !== 'nothing' && this.#expected !== 'document or nothing') {
      throw this.#fault('ends before the end of the array: the file is cut off')
    }
  }

  /** Reads a byte outside documents; where a document begins, the depth is 1 afterwards. */
  #between(chunk: Uint8Array, at: number): void {
    const byte = chunk[at]!
    if (byte === NEWLINE) this.#line++
    else if (byte === 32 || byte === 9 || byte === 13) return
    else if (byte === OPEN && this.#expected !== 'nothing' && this.#expected !== 'comma or end') this.#start()
    else if (byte === OPEN_ARRAY && this.#expected === 'anything') this.#expected = 'document or end'
    else if (byte === COMMA && this.#expected === 'comma or end') this.#expected = 'document'
    else if (byte === CLOSE_ARRAY && this.#isEndAllowed()) this.#expected = 'nothing'
    else if (BYTE_ORDER_MARK[this.#before + at] !== byte) throw this.#fault(RULES[this.#expected])
  }

  #isEndAllowed(): boolean {
    return this.#expected === 'document or end' || this.#expected === 'comma or end'
  }

  #start(): void {
    const isArray = this.#expected === 'document or end' || this.#expected === 'document'
    this.#expected = isArray ? 'comma or end' : 'document or nothing'
    this.#begin = this.#line
    this.#number++
    this.#depth = 1
  }

  /** Reads on in a document to its end or the chunk's, and returns the offset after it. The depth counts open brackets. */
  #scan(chunk: Uint8Array, from: number): number {
    // The bracket that opened the document was counted when it was found.
    let at = this.#size === 0 ? from + 1 : from
    while (at < chunk.length && this.#depth > 0) {
      const byte = chunk[at++]!
      if (byte === NEWLINE) this.#line++
      if (this.#inString) this.#inText(byte)
      else if (byte === QUOTE) this.#inString = true
      else if (byte === CLOSE || byte === CLOSE_ARRAY) this.#depth--
      else if ((byte === OPEN || byte === OPEN_ARRAY) && ++this.#depth > MAX_NESTING) {
        throw this.#fault(`is nested more than ${MAX_NESTING} deep`)
      }
    }
    return at
  }

  #inText(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inString = false
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length
    if (this.#size > MAX_DOCUMENT_BYTES) {
      throw this.#fault('begins a document of more than 16 MiB', this.#begin)
    }
    this.#pieces.push(piece)
  }

  #finish(): ScannedDocument {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#size = 0
    try {
      return { text: this.#decoder.decode(bytes), line: this.#begin, number: this.#number }
    } catch {
      throw this.#fault('begins a document that is not UTF-8', this.#begin)
    }
  }

  #fault(what: string, line = this.#line): DataFileError {
    return new DataFileError(this.#file, { line, ...(this.#number > 0 && { document: this.#number }) }, what)
  }
}
