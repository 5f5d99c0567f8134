/**
 * A file of named arrays of numbers or texts, each written piece by piece, in turn with others, so that neither side ever has
 * to hold all of them in memory.
 *
 * Example: `MAGIC | a piece of 'x' | a piece of 'y' | another piece of 'x' | directory | its length | sha256`. The directory is
 * JSON: where the pieces are, and what the writer says about the whole. The hash is of all that is before it.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createAnew, makeFolder, sync } from '../../files.ts'

/** What a file is, and in which format; in the byte order of the machine, for files stay on machines of one kind. */
const MAGIC = Buffer.from(`arrays 1 ${endianness()}\n`)
const HASH_BYTES = 32
const LENGTH_BYTES = 4
/** So much is read, and its hash taken, before other work of the thread gets its turn: about a millisecond. */
const SLICE_BYTES = 2 ** 20

const TYPES = { Uint8Array, Int32Array, Float32Array, Float64Array }
type TypeName = keyof typeof TYPES
type ArrayOf<Kind extends TypeName> = InstanceType<(typeof TYPES)[Kind]>
export type Numbers = Uint8Array | Int32Array | Float32Array | Float64Array

interface Piece {
  name: string
  type: TypeName | 'texts'
  /** Where it begins in the file. */
  at: number
  bytes: number
}

interface Directory {
  about: unknown
  pieces: Piece[]
}

/** The file is not one that this version has written in whole. */
export class ArrayFileDamaged extends Error {
  override name = 'ArrayFileDamaged'
}

/** Writes a new file, which appears under its name only when it is complete and durable. */
export class ArrayFileWriter {
  readonly #path: string
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  readonly #pieces: Piece[] = []
  #at = 0

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  /** @throws NodeJS.ErrnoException, as everything that writes */
  static async create(path: string): Promise<ArrayFileWriter> {
    makeFolder(dirname(path))
    const writer = new ArrayFileWriter(path, await createAnew(unfinished(path)))
    await writer.#write(MAGIC)
    return writer
  }

  /** Adds to the end of an array, and begins it where there is none of this name. */
  async append(name: string, values: Numbers | readonly string[]): Promise<void> {
    const isNumbers = ArrayBuffer.isView(values)
    const bytes = isNumbers ? bytesOf(values) : Buffer.from(JSON.stringify(values))
    const type = isNumbers ? (values.constructor.name as TypeName) : 'texts'
    this.#pieces.push({ name, type, at: this.#at, bytes: bytes.length })
    await this.#write(bytes)
  }

  /** Of all that was appended until now, in hexadecimal digits. */
  get contentSha256(): string {
    return this.#hash.copy().digest('hex')
  }

  /** Ends the file and puts it in its place; `about` is any JSON. */
  async finish(about: unknown): Promise<void> {
    const directory = Buffer.from(JSON.stringify({ about, pieces: this.#pieces } satisfies Directory))
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32LE(directory.length)
    await this.#write(directory)
    await this.#write(length)
    await this.#file.appendFile(this.#hash.digest())
    await this.#file.sync()
    await this.#file.close()
    await rename(unfinished(this.#path), this.#path)
    sync(dirname(this.#path))
  }

  /** Gives the file up. */
  async discard(): Promise<void> {
    await this.#file.close()
    await rm(unfinished(this.#path), { force: true })
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes)
    await this.#file.appendFile(bytes)
    this.#at += bytes.length
  }
}

/** Reads a file that was checked as a whole when it was opened. */
export class ArrayFileReader {
  readonly #file: FileHandle
  readonly #directory: Directory
  /** Of the whole file, in hexadecimal digits: files of the same content have the same. */
  readonly sha256: string

  private constructor(file: FileHandle, directory: Directory, sha256: string) {
    this.#file = file
    this.#directory = directory
    this.sha256 = sha256
  }

  /** @throws ArrayFileDamaged; NodeJS.ErrnoException where it can't be read, as everything that reads */
  static async open(path: string): Promise<ArrayFileReader> {
    const file = await open(path)
    try {
      const hashed = (await file.stat()).size - HASH_BYTES
      const directoryEnd = hashed - LENGTH_BYTES
      if (directoryEnd < MAGIC.length) throw new ArrayFileDamaged('it is too short')
      const magic = await readBytes(file, 0, MAGIC.length)
      if (!magic.equals(MAGIC)) throw new ArrayFileDamaged('it is of another format')
      const sha256 = await hashOf(file, hashed)
      const kept = await readBytes(file, hashed, HASH_BYTES)
      if (!sha256.equals(kept)) throw new ArrayFileDamaged('it is not as it was written')
      const length = (await readBytes(file, directoryEnd, LENGTH_BYTES)).readUInt32LE()
      const directory = await readBytes(file, directoryEnd - length, length)
      return new ArrayFileReader(file, JSON.parse(directory.toString()) as Directory, sha256.toString('hex'))
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** What the writer said of the whole. */
  get about(): unknown {
    return this.#directory.about
  }

  /** How many numbers an array has; 0 where there is none of this name. */
  lengthOf(name: string): number {
    return this.#piecesOf(name).reduce((sum, { type, bytes }) => sum + bytes / elementBytes(type), 0)
  }

  /** The pieces of an array, as they were written. */
  async *pieces<Kind extends TypeName>(name: string, type: Kind): AsyncGenerator<ArrayOf<Kind>> {
    for (const piece of this.#piecesOf(name)) {
      const values = new TYPES[type](piece.bytes / elementBytes(type))
      await this.#read(piece, bytesOf(values))
      yield values as ArrayOf<Kind>
    }
  }

  /** A whole array; empty where there is none of this name. */
  async numbers<Kind extends TypeName>(name: string, type: Kind): Promise<ArrayOf<Kind>> {
    const values = new TYPES[type](this.lengthOf(name))
    let at = 0
    for (const piece of this.#piecesOf(name)) {
      await this.#read(piece, bytesOf(values).subarray(at, at + piece.bytes))
      at += piece.bytes
    }
    return values as ArrayOf<Kind>
  }

  async texts(name: string): Promise<string[]> {
    const texts: string[] = []
    for (const piece of this.#piecesOf(name)) {
      const bytes = Buffer.alloc(piece.bytes)
      await this.#read(piece, bytes)
      for (const text of JSON.parse(bytes.toString()) as string[]) texts.push(text)
    }
    return texts
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  #piecesOf(name: string): Piece[] {
    return this.#directory.pieces.filter(piece => piece.name === name)
  }

  async #read({ at, bytes }: Piece, into: Buffer): Promise<void> {
    for (let done = 0; done < bytes; done += SLICE_BYTES) {
      await fill(this.#file, into.subarray(done, done + SLICE_BYTES), at + done)
    }
  }
}

/** What a file says its hash is, without reading the rest of it. @throws NodeJS.ErrnoException */
export async function sha256In(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    return (await readBytes(file, Math.max(0, size - HASH_BYTES), Math.min(size, HASH_BYTES))).toString('hex')
  } finally {
    await file.close()
  }
}

/** Under this name a file is written. */
const unfinished = (path: string): string => join(dirname(path), `.${basename(path)}.unfinished`)

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Buffer => Buffer.from(buffer, byteOffset, byteLength)

const elementBytes = (type: Piece['type']): number => (type === 'texts' ? 1 : TYPES[type].BYTES_PER_ELEMENT)

async function hashOf(file: FileHandle, bytes: number): Promise<Buffer> {
  const hash = createHash('sha256')
  const slice = Buffer.alloc(Math.min(SLICE_BYTES, bytes))
  for (let at = 0; at < bytes; at += SLICE_BYTES) {
    const part = slice.subarray(0, Math.min(SLICE_BYTES, bytes - at))
    await fill(file, part, at)
    hash.update(part)
  }
  return hash.digest()
}

async function readBytes(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  await fill(file, bytes, at)
  return bytes
}

/** Reads as many bytes as `into` has. */
async function fill(file: FileHandle, into: Buffer, at: number): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, at + done)
    if (bytesRead === 0) throw new ArrayFileDamaged('it ends too early')
    done += bytesRead
  }
}
