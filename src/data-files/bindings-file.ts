/** `bindings.json`: the catalogue records of a store, written for another store and taken in by it. */
import {
  type AlbumRecord,
  type CatalogueRecord,
  type NamedRecord,
  readRecord,
  recordDocument,
  writeRecords,
} from '../catalogue/catalogue-record.ts'
import { idOf, kindOf, parseEntityRef } from '../identity/entity-ref.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import type { Documents, DocumentsSince } from '../storage/storage.ts'
import { inBatches, PAGE } from './batches.ts'
import { idDocument, plainValue } from './extended-json.ts'
import { addFinding, DataFileError, type Findings, noFindings } from './findings.ts'
import { readDocuments } from './read-documents.ts'

/**
 * All records as documents, in the order in which they were written. A record that is written again while they are read
 * is at the end of that order too; it is left out there.
 */
export async function* bindingDocuments(documents: DocumentsSince): AsyncGenerator<object> {
  const seen = new Set<string>()
  let after = 0
  for (;;) {
    const found = await documents.documentsSince(CATALOGUE_RECORDS, after, PAGE)
    if (found.length === 0) return
    after = found.at(-1)!.order
    for (const { id, group, value } of found) {
      if (!seen.has(id)) yield { _id: idDocument(id), id, group, value: readRecord(value) }
      seen.add(id)
    }
  }
}

export interface BindingCounts {
  read: number
  /** Those that the store did not have, or had as of an earlier time. */
  changed: number
  /** Documents that are no catalogue records: the service asks the catalogue again. */
  leftOut: Findings<string>
}

type OnFault = (error: DataFileError) => void

/** Reads the file to its end. `strict`: a document that is no catalogue record is a fault too. @throws DataFileError */
export async function checkBindings(file: string, strict: boolean): Promise<void> {
  const onFault: OnFault = error => {
    if (strict) throw error
  }
  for await (const _ of readBindings(file, onFault));
}

/** Writes the records of the file that are newer than those of the store. `file` is null where there is none. */
export async function importBindings(documents: Documents, file: string | null): Promise<BindingCounts> {
  const counts: BindingCounts = { read: 0, changed: 0, leftOut: noFindings() }
  if (file === null) return counts
  const onFault: OnFault = ({ message }) => addFinding(counts.leftOut, () => message)
  for await (const records of inBatches(readBindings(file, onFault), record => JSON.stringify(record).length)) {
    counts.read += records.length
    counts.changed += await writeNewer(documents, records)
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

/** The record of a document, which is made plain in place, or what is wrong with it. */
function readBinding(fields: Record<string, unknown>): NamedRecord | string {
  plainValue(fields)
  const { id, group, value } = fields
  const entity = entityOf(id)
  if (entity === undefined) return 'id must be album:… or artist:…'
  if (typeof value !== 'object' || value === null) return 'value must be an object'
  const record = recordOf(value as Record<string, unknown>, entity)
  if (typeof record === 'string') return `value.${record}`
  return record.kind === group ? [entity, record] : 'group must be the same as value.kind'
}

function entityOf(id: unknown): NamedRecord[0] | undefined {
  const ref = typeof id === 'string' ? parseEntityRef(id) : undefined
  const hasRecord = ref !== undefined && ['album', 'artist'].includes(kindOf(ref)) && idOf(ref) !== ''
  return hasRecord ? (ref as NamedRecord[0]) : undefined
}

function recordOf(value: Record<string, unknown>, entity: NamedRecord[0]): CatalogueRecord | string {
  const { kind, at, missing, artistId = null, name = null, genre = null } = value
  if (typeof at !== 'number' || !Number.isFinite(at)) return 'at must be a number of epoch milliseconds'
  if (kind === 'alias' && typeof artistId === 'string') return { kind, at, artistId }
  if (!isTextOrNull(name)) return 'name must be a string or null'
  if (!isTextOrNull(genre)) return 'genre must be a string or null'
  if (kind === 'artist') return { kind, at, name, genre }
  if (!isTextOrNull(artistId)) return 'artistId must be a string or null'
  if (kind !== 'album' || kindOf(entity) !== 'album') return 'kind must be album, artist or alias, and fit the id'
  const release = releaseOf(value)
  return typeof release === 'string'
    ? release
    : { kind, at, missing: missing === true, artistId, name, genre, ...release }
}

/** What earlier versions did not keep of an album. */
function releaseOf({
  title = null,
  releaseDate = null,
  releaseYear = null,
  tracks = [],
}: Record<string, unknown>): Pick<AlbumRecord, 'title' | 'releaseDate' | 'releaseYear' | 'tracks'> | string {
  if (!isTextOrNull(title)) return 'title must be a string or null'
  if (!isTextOrNull(releaseDate)) return 'releaseDate must be a string or null'
  if (releaseYear !== null && !Number.isSafeInteger(releaseYear)) return 'releaseYear must be a whole number or null'
  if (!isTracks(tracks)) return 'tracks must be a list of objects with the strings id and title'
  return {
    title,
    releaseDate,
    releaseYear: releaseYear as number | null,
    tracks: tracks.map(({ id, title }) => ({ id, title })),
  }
}

const isTracks = (value: unknown): value is AlbumRecord['tracks'] =>
  Array.isArray(value) && value.every(track => typeof track?.id === 'string' && typeof track.title === 'string')

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

/** Writes the records that differ from those of the store and are not older; returns how many. */
async function writeNewer(documents: Documents, records: readonly NamedRecord[]): Promise<number> {
  const newer: NamedRecord[] = []
  for (const [entity, record] of records) {
    const known = await documents.get(CATALOGUE_RECORDS, entity)
    if (!known || isNewer(known.value, entity, record)) newer.push([entity, record])
  }
  await writeRecords(documents, newer)
  return newer.length
}

function isNewer(known: string, entity: NamedRecord[0], record: CatalogueRecord): boolean {
  return readRecord(known).at <= record.at && known !== recordDocument(entity, record).value
}
