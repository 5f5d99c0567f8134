/**
 * What the catalogue said of albums and artists, stored as documents and never removed: so figures can be rebuilt without
 * the catalogue.
 */
import {
  albumRef,
  artistRef,
  type EntityRef,
  genreRef,
  idOf,
  labelRef,
  nameRef,
  trackOf,
} from '../identity/entity-ref.ts'
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
  title: string | null
  /** The day, as `2026-03-01`. */
  releaseDate: string | null
  releaseYear: number | null
  /** Those that have a title; ids are unique within the album only. */
  tracks: { id: string; title: string }[]
}

/** An album of which nothing is known. Records that earlier versions stored lack its later fields. */
export const UNKNOWN_ALBUM: AlbumRecord = {
  kind: 'album',
  at: 0,
  missing: false,
  artistId: null,
  name: null,
  genre: null,
  title: null,
  releaseDate: null,
  releaseYear: null,
  tracks: [],
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

export type NamedRecord = readonly [entity: EntityRef<'album' | 'artist'>, record: CatalogueRecord]

const OTHER_ID = /^[0-9a-f]{24}$/i

/**
 * Whether an id has the form of an artist's `_id`. Only the list of artists says whose it is: the catalogue does not find an
 * artist by `_id`.
 */
export const mayBeOtherId = (artistId: string): boolean => OTHER_ID.test(artistId)

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

/** The record of a stored document and its entity, which is the document's id. */
export const readNamedRecord = ({ id, value }: StoredRecord): NamedRecord => [
  id as EntityRef<'album' | 'artist'>,
  readRecord(value),
]

export function readRecord(value: string): CatalogueRecord {
  const record = JSON.parse(value) as CatalogueRecord
  return record.kind === 'album' ? { ...UNKNOWN_ALBUM, ...record } : record
}

/** Writes records, each instead of the entity's earlier one. */
export async function writeRecords(documents: Documents, records: readonly NamedRecord[]): Promise<void> {
  const written = records.map(([entity, record]) => recordDocument(entity, record))
  if (written.length > 0) await documents.put(CATALOGUE_RECORDS, written, Number.POSITIVE_INFINITY)
}

/** A record as a row of the figures. */
export function toCatalogueRow(document: StoredRecord): CatalogueRow {
  const [entity, record] = readNamedRecord(document)
  const row: CatalogueRow = {
    entity,
    kind: record.kind,
    artist: null,
    name: null,
    label: null,
    genre: null,
    title: null,
    released: null,
    tracks: [],
    askedAt: record.at,
  }
  if (record.kind === 'alias') return { ...row, artist: artistRef(record.artistId) }
  return {
    ...row,
    ...(record.kind === 'album' && releaseOf(albumRef(idOf(entity)), record)),
    name: record.name ? nameRef(record.name) : null,
    label: record.name || null,
    genre: record.genre ? genreRef(record.genre) : null,
  }
}

/** What only albums have. */
function releaseOf(
  album: EntityRef<'album'>,
  { artistId, title, releaseDate, releaseYear, tracks }: AlbumRecord,
): Pick<CatalogueRow, 'artist' | 'title' | 'released' | 'tracks'> {
  const titles = new Map<EntityRef<'track'>, EntityRef<'label'>>()
  for (const { id, title } of tracks) {
    const track = trackOf(id, album)
    if (track !== undefined && !titles.has(track)) titles.set(track, labelRef(title))
  }
  return {
    artist: artistId === null ? null : artistRef(artistId),
    title: title === null ? null : labelRef(title),
    released: releaseDate ?? releaseYear?.toString() ?? null,
    tracks: [...titles].map(([track, title]) => ({ track, title })),
  }
}
