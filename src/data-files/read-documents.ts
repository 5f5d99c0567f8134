/** Reads the documents of a data file, one at a time: a JSON array or NDJSON, plain or gzip, told apart by content. */
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseJson } from '../events/exact-json.ts'
import { DataFileError } from './data-file-error.ts'
import { DocumentScanner, type ScannedDocument } from './document-scanner.ts'

const CHUNK_BYTES = 256 * 1024
/** What follows the name of a collection; whatever it is, the content decides how a file is read. */
export const FORMS = ['.json', '.json.gz', '.ndjson', '.ndjson.gz'] as const

/** A document with the values of Extended JSON as they are in the file. */
export interface FileDocument extends ScannedDocument {
  fields: Record<string, unknown>
}

/** Hears how many bytes of how many are read. */
export type OnBytes = (done: number, all: number) => void

/** The file of a collection in a folder; null where there is none. @throws DataFileError where there are several */
export async function findDataFile(folder: string, collection: string): Promise<string | null> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw new DataFileError(folder, null, `can't be read: ${error.message}`)
  })
  const found = FORMS.map(form => collection + form).filter(name => names.includes(name))
  if (found.length > 1) throw new DataFileError(folder, null, `holds ${found.join(' and ')}: leave only one of them`)
  return found[0] === undefined ? null : join(folder, found[0])
}

/**
 * The documents of a file, in constant memory.
 * @throws DataFileError where the file can't be read, is damaged or cut off, or holds something else
 */
export async function* readDocuments(file: string, onBytes: OnBytes = () => {}): AsyncGenerator<FileDocument> {
  const scanner = new DocumentScanner(file)
  for await (const chunk of chunksOf(file, scanner, onBytes)) {
    for (const document of scanner.push(chunk)) yield { ...document, fields: parse(file, document) }
  }
  scanner.end()
}

async function* chunksOf(file: string, scanner: DocumentScanner, onBytes: OnBytes): AsyncGenerator<Uint8Array> {
  try {
    const { size, isGzip } = await look(file)
    const source = createReadStream(file, { highWaterMark: CHUNK_BYTES })
    // The callback has nothing to do: an error ends the loop.
    const bytes: Readable = isGzip ? pipeline(source, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : source
    for await (const chunk of bytes) {
      yield chunk as Uint8Array
      onBytes(source.bytesRead, size)
    }
  } catch (error) {
    if (error instanceof DataFileError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    // What is wrong with the content has a place in it.
    if (code?.startsWith('Z_')) throw new DataFileError(file, { line: scanner.line }, `gzip is damaged: ${message}`)
    throw new DataFileError(file, null, `can't be read: ${message}`)
  }
}

async function look(file: string): Promise<{ size: number; isGzip: boolean }> {
  // Opening a pipe would wait for ever.
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
