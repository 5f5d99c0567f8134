/** Writes data files so that an interruption leaves what was there before. A link in their place is replaced, not followed. */
import { open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { createAnew } from '../files.ts'

export interface FileForm {
  /** One document a line, without brackets and commas. */
  ndjson: boolean
  gzip: boolean
}

/** What follows the name of a collection. */
export const formName = ({ ndjson, gzip }: FileForm): string => `${ndjson ? '.ndjson' : '.json'}${gzip ? '.gz' : ''}`

/** What is written before it takes its place. */
export const temporary = (file: string): string => `${file}.tmp`

/**
 * Writes documents, which come in pages, one a line, beside `file`: `publish` puts them into its place. They are on the
 * disk when it resolves. Returns how many.
 */
export async function writeDocuments(file: string, pages: AsyncIterable<object[]>, form: FileForm): Promise<number> {
  let count = 0
  async function* text(): AsyncGenerator<string> {
    if (!form.ndjson) yield '[\n'
    for await (const page of pages) {
      if (page.length === 0) continue
      const lines = page.map(document => JSON.stringify(document))
      if (form.ndjson) yield `${lines.join('\n')}\n`
      else yield (count > 0 ? ',\n' : '') + lines.join(',\n')
      count += page.length
    }
    if (!form.ndjson) yield count > 0 ? '\n]\n' : ']\n'
  }
  const target = (await createAnew(temporary(file))).createWriteStream({ flush: true })
  if (form.gzip) await pipeline(Readable.from(text()), createGzip(), target)
  else await pipeline(Readable.from(text()), target)
  return count
}

/** Writes a text beside `file`, as `writeDocuments` does. */
export async function writeText(file: string, text: string): Promise<void> {
  const target = await createAnew(temporary(file))
  await writeFile(target, text, { flush: true }).finally(() => target.close())
}

/** Puts what was written beside `file` into its place. */
export async function publish(file: string): Promise<void> {
  await rename(temporary(file), file)
  const folder = await open(dirname(file))
  await folder.sync().finally(() => folder.close())
}

/** Forgets what was written beside `file` and not published. */
export const discard = (file: string): Promise<void> => rm(temporary(file), { force: true })
