/** What the catalogue taught, as documents of `bindings.json`. */

import {
  type CatalogueRecord,
  type NamedRecord,
  readRecord,
  recordDocument,
  writeRecords,
} from '../catalogue/catalogue-record.ts'
import { idOf, kindOf, parseEntityRef } from '../identity/entity-ref.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import type { Documents, DocumentsSince } from '../storage/storage.ts'
import { idDocument, plainValue } from './extended-json.ts'

const PAGE = 500

/**
 * All records as documents, in pages, in the order in which they came. Their ids are held, their values are not: a record that
 * takes the place of another one meanwhile comes again, and is left out then.
 */
export async function* bindingPages(documents: DocumentsSince): AsyncGenerator<object[]> {
  const seen = new Set<string>()
  let after = 0
  for (;;) {
    const found = await documents.documentsSince(CATALOGUE_RECORDS, after, PAGE)
    if (found.length === 0) return
    after = found.at(-1)!.order
    const fresh = found.filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    yield fresh.map(({ id, group, value }) => ({ _id: idDocument(id), id, group, value: readRecord(value) }))
  }
}

/** The record of a document, which is made plain in place, or what is wrong with it. */
export function readBinding(fields: Record<string, unknown>): NamedRecord | string {
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
  const isRecorded = ref !== undefined && ['album', 'artist'].includes(kindOf(ref)) && idOf(ref) !== ''
  return isRecorded ? (ref as NamedRecord[0]) : undefined
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
  return { kind, at, missing: missing === true, artistId, name, genre }
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

/** Writes the records that are not older than what the store has; returns how many changed something. */
export async function teach(documents: Documents, records: readonly NamedRecord[]): Promise<number> {
  const fresh: NamedRecord[] = []
  for (const [entity, record] of records) {
    const known = await documents.get(CATALOGUE_RECORDS, entity)
    if (!known || isNews(known.value, entity, record)) fresh.push([entity, record])
  }
  await writeRecords(documents, fresh)
  return fresh.length
}

function isNews(known: string, entity: NamedRecord[0], record: CatalogueRecord): boolean {
  return readRecord(known).at <= record.at && known !== recordDocument(entity, record).value
}
