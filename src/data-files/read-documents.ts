/** Reads the documents of a data file, one at a time: a JSON array or NDJSON, plain or gzip, whatever the file's name says. */
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseJson } from '../events/exact-json.ts'
import { DocumentScanner, type ScannedDocument } from './document-scanner.ts'
import { DataFileError } from './findings.ts'

const CHUNK_BYTES = 256 * 1024
/** What follows the name of a collection in a file's name. */
export const EXTENSIONS = ['.json', '.json.gz', '.ndjson', '.ndjson.gz'] as const

/** A document with the values of Extended JSON as they are in the file. */
export interface FileDocument extends ScannedDocument {
  fields: Record<string, unknown>
}

/** Called with how much of how much is done: bytes or events. */
export type OnProgress = (done: number, all: number) => void

/** The file of a collection in a folder; null where there is none. @throws DataFileError where there are several */
export async function findDataFile(folder: string, collection: string): Promise<string | null> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw new DataFileError(folder, null, `can't be read: ${error.message}`)
  })
  const found = EXTENSIONS.map(extension => collection + extension).filter(name => names.includes(name))
  if (found.length > 1) throw new DataFileError(folder, null, `holds ${found.join(' and ')}: leave only one of them`)
  return found[0] === undefined ? null : join(folder, found[0])
}

/**
 * The documents of a file, in constant memory.
 * @throws DataFileError where the file can't be read, is damaged or cut off, or holds something else
 */
export async function* readDocuments(file: string, onProgress: OnProgress = () => {}): AsyncGenerator<FileDocument> {
  const scanner = new DocumentScanner(file)
  for await (const chunk of chunksOf(file, scanner, onProgress)) {
    for (const document of scanner.push(chunk)) yield { ...document, fields: parse(file, document) }
  }
  scanner.end()
}

async function* chunksOf(file: string, scanner: DocumentScanner, onProgress: OnProgress): AsyncGenerator<Uint8Array> {
  try {
    const { size, isGzip } = await sizeAndForm(file)
    const source = createReadStream(file, { highWaterMark: CHUNK_BYTES })
    // An error ends the loop below, so that the callback has nothing to do.
    const bytes: Readable = isGzip ? pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : source
    for await (const chunk of bytes) {
      yield chunk as Uint8Array
      onProgress(source.bytesRead, size)
    }
  } catch (error) {
    if (error instanceof DataFileError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    // Damaged content has a line; a file that can't be read has none.
    if (code?.startsWith('Z_')) throw new DataFileError(file, { line: scanner.line }, `gzip is damaged: ${message}`)
    throw new DataFileError(file, null, `can't be read: ${message}`)
  }
}

async function sizeAndForm(file: string): Promise<{ size: number; isGzip: boolean }> {
  // Opening a pipe would wait for its writer.
  if (!(await stat(file)).isFile()) throw new DataFileError(file, null, "can't be read: it is no file")
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    const { size } = await handle.stat()
    return { size, isGzip: bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b }
  } finally {
    await handle.close()
  }
}

function parse(file: string, document: ScannedDocument): Record<string, unknown> {
  try {
    return parseJson(document.text) as Record<string, unknown>
  } catch (error) {
    throw notJson(file, document, (error as Error).message)
  }
}

function notJson(file: string, { text, line, number }: ScannedDocument, message: string): DataFileError {
  const position = / at position (\d+)/.exec(message)?.[1]
  const before = position === undefined ? 0 : text.slice(0, Number(position)).split('\n').length - 1
  const what = message.replace(/ in JSON| at position.*$/g, '').replace(/, ".*" is not valid JSON$/s, '')
  return new DataFileError(file, { line: line + before, document: number }, `is not JSON: ${what}`)
}
