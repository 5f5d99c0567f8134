/**
 * What the catalogue said of albums and artists, stored as documents and never removed: so figures can be rebuilt without
 * the catalogue.
 */
import { foldText } from '../identity/fold-text.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import type { CatalogueRow } from '../storage/figures.ts'
import type { Documents, Instant } from '../storage/storage.ts'

export interface AlbumRecord {
  kind: 'album'
  /** When the catalogue was asked last. */
  at: Instant
  /** The catalogue had no such album when it was asked last; the other fields stay as they were. */
  missing: boolean
  artistId: string | null
  /** The artist's name. */
  name: string | null
  genre: string | null
}

export interface ArtistRecord {
  kind: 'artist'
  at: Instant
  /** null also where the catalogue no longer lists the artist. */
  name: string | null
  genre: string | null
}

/** The record of an artist's other id (`_id`). */
export interface AliasRecord {
  kind: 'alias'
  at: Instant
  /** The artist's `id`, by which figures are kept. */
  artistId: string
}

export type CatalogueRecord = AlbumRecord | ArtistRecord | AliasRecord

export type NamedRecord = readonly [entity: string, record: CatalogueRecord]

const OTHER_ID = /^[0-9a-f]{24}$/i

/**
 * Whether an id has the form of an artist's `_id`. Only the list of artists says whose it is: the catalogue does not find an
 * artist by `_id`.
 */
export const mayBeOtherId = (artistId: string): boolean => OTHER_ID.test(artistId)

interface RecordDocument {
  id: string
  group: string
  value: string
}

export const recordDocument = (entity: string, record: CatalogueRecord): RecordDocument => ({
  id: entity,
  group: record.kind,
  value: JSON.stringify(record),
})

export const readRecord = (value: string): CatalogueRecord => JSON.parse(value) as CatalogueRecord

/** Writes records, each instead of the entity's earlier one. */
export async function writeRecords(documents: Documents, records: readonly NamedRecord[]): Promise<void> {
  const written = records.map(([entity, record]) => recordDocument(entity, record))
  if (written.length > 0) await documents.put(CATALOGUE_RECORDS, written, Number.POSITIVE_INFINITY)
}

/** A record as a row of the figures. */
export function toCatalogueRow(entity: string, value: string): CatalogueRow {
  const record = readRecord(value)
  const row = {
    entity,
    kind: record.kind,
    artist: null,
    name: null,
    label: null,
    genre: null,
    askedAt: record.at,
  }
  if (record.kind === 'alias') return { ...row, artist: `artist:${record.artistId}` }
  return {
    ...row,
    artist: record.kind === 'album' && record.artistId !== null ? `artist:${record.artistId}` : null,
    name: record.name ? `name:${foldText(record.name)}` : null,
    label: record.name || null,
    genre: record.genre ? `genre:${foldText(record.genre)}` : null,
  }
}
