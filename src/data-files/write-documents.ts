/** Writes data files so that an interruption leaves the files of before. A link under a file's name is replaced, not followed. */
import { open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { createAnew } from '../files.ts'
import { inBatches } from './batches.ts'

export interface FileForm {
  /** One document a line, without brackets and commas. */
  ndjson: boolean
  gzip: boolean
}

/** What follows the name of a collection in a file's name. */
export const extensionOf = ({ ndjson, gzip }: FileForm): string => `${ndjson ? '.ndjson' : '.json'}${gzip ? '.gz' : ''}`

const temporary = (file: string): string => `${file}.tmp`

/**
 * Writes documents, one a line, into a temporary file beside `file`, which `publish` renames. They are on the disk when it
 * resolves. Returns how many there were.
 */
export async function writeDocuments(file: string, documents: AsyncIterable<object>, form: FileForm): Promise<number> {
  let count = 0
  async function* text(): AsyncGenerator<string> {
    if (!form.ndjson) yield '[\n'
    for await (const lines of inBatches(linesOf(documents), line => line.length)) {
      if (form.ndjson) yield `${lines.join('\n')}\n`
      else yield (count > 0 ? ',\n' : '') + lines.join(',\n')
      count += lines.length
    }
    if (!form.ndjson) yield count > 0 ? '\n]\n' : ']\n'
  }
  const target = (await createAnew(temporary(file))).createWriteStream({ flush: true })
  if (form.gzip) await pipeline(Readable.from(text()), createGzip(), target)
  else await pipeline(Readable.from(text()), target)
  return count
}

async function* linesOf(documents: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const document of documents) yield JSON.stringify(document)
}

/** Writes a text as `writeDocuments` does. */
export async function writeText(file: string, text: string): Promise<void> {
  const target = await createAnew(temporary(file))
  await writeFile(target, text, { flush: true }).finally(() => target.close())
}

/** Renames the temporary file of `file`, on the disk too. */
export async function publish(file: string): Promise<void> {
  await rename(temporary(file), file)
  const folder = await open(dirname(file))
  await folder.sync().finally(() => folder.close())
}

/** Removes the temporary file of `file` where it was not published. */
export const discard = (file: string): Promise<void> => rm(temporary(file), { force: true })
