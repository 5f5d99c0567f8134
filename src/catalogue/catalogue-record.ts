/**
 * What the catalogue taught, as documents beside the log: an album's artist, name and genre, an artist's name, and the
 * other form of an artist's id. Kept for good, so that nobody has to be asked again where figures are rebuilt.
 */

import { artistRef, type EntityRef, genreRef, nameRef } from '../identity/entity-ref.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import type { CatalogueRow } from '../storage/figures.ts'
import type { Documents, Instant } from '../storage/storage.ts'

export interface AlbumRecord {
  kind: 'album'
  /** When the catalogue was asked last. */
  at: Instant
  /** Whether the catalogue had no such album when it was asked last; what it said before stays. */
  missing: boolean
  artistId: string | null
  name: string | null
  genre: string | null
}

export interface ArtistRecord {
  kind: 'artist'
  at: Instant
  /** null also where the catalogue does not list the artist any more. */
  name: string | null
  genre: string | null
}

/** Another form of an artist's id. */
export interface AliasRecord {
  kind: 'alias'
  at: Instant
  /** The id that the artist goes by. */
  artistId: string
}

export type CatalogueRecord = AlbumRecord | ArtistRecord | AliasRecord

export type NamedRecord = readonly [entity: EntityRef<'album' | 'artist'>, record: CatalogueRecord]

interface StoredRecord {
  id: string
  value: string
}

interface RecordDocument extends StoredRecord {
  group: string
}

export const recordDocument = (entity: string, record: CatalogueRecord): RecordDocument => ({
  id: entity,
  group: record.kind,
  value: JSON.stringify(record),
})

/** The record of a stored document and the entity, which is the document's id. */
export const readNamedRecord = ({ id, value }: StoredRecord): NamedRecord => [
  id as EntityRef<'album' | 'artist'>,
  readRecord(value),
]

export const readRecord = (value: string): CatalogueRecord => JSON.parse(value) as CatalogueRecord

/** Writes records, each in the place of what was known of its entity. */
export async function writeRecords(documents: Documents, records: readonly NamedRecord[]): Promise<void> {
  const written = records.map(([entity, record]) => recordDocument(entity, record))
  if (written.length > 0) await documents.put(CATALOGUE_RECORDS, written, Number.POSITIVE_INFINITY)
}

/** A record as the figures keep it. */
export function toCatalogueRow(document: StoredRecord): CatalogueRow {
  const [entity, record] = readNamedRecord(document)
  const row = {
    entity,
    kind: record.kind,
    artist: null,
    name: null,
    label: null,
    genre: null,
    askedAt: record.at,
  }
  if (record.kind === 'alias') return { ...row, artist: artistRef(record.artistId) }
  return {
    ...row,
    artist: record.kind === 'album' && record.artistId !== null ? artistRef(record.artistId) : null,
    name: record.name ? nameRef(record.name) : null,
    label: record.name || null,
    genre: record.genre ? genreRef(record.genre) : null,
  }
}
