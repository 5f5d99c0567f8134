/** Taking in what the catalogue taught another store. */
import type { NamedRecord } from '../catalogue/catalogue-record.ts'
import type { Documents } from '../storage/storage.ts'
import { readBinding, teach } from './binding-document.ts'
import { DataFileError } from './data-file-error.ts'
import { inBatches } from './in-batches.ts'
import { type Listed, list } from './listed.ts'
import { readDocuments } from './read-documents.ts'

export interface BindingCounts {
  read: number
  /** Those that the store did not know, or knew from earlier. */
  changed: number
  /** Documents that are no bindings: the catalogue will be asked again. */
  leftOut: Listed<string>
}

type OnFault = (error: DataFileError) => void

/** Reads the file to its end. `strict`: a document that is no binding is a fault as well. @throws DataFileError */
export async function checkBindings(file: string, strict: boolean): Promise<void> {
  const onFault: OnFault = error => {
    if (strict) throw error
  }
  for await (const _ of readBindings(file, onFault));
}

/** `file` null: there is none. */
export async function importBindings(documents: Documents, file: string | null): Promise<BindingCounts> {
  const counts: BindingCounts = { read: 0, changed: 0, leftOut: { count: 0, first: [] } }
  if (file === null) return counts
  const onFault: OnFault = ({ message }) => list(counts.leftOut, () => message)
  for await (const records of inBatches(readBindings(file, onFault), record => JSON.stringify(record).length)) {
    counts.read += records.length
    counts.changed += await teach(documents, records)
  }
  return counts
}

async function* readBindings(file: string, onFault: OnFault): AsyncGenerator<NamedRecord> {
  for await (const { fields, line, number } of readDocuments(file)) {
    const record = readBinding(fields)
    if (typeof record !== 'string') yield record
    else onFault(new DataFileError(file, { line, document: number, id: fields._id }, record))
  }
}
