/** What events say of tracks, albums and artists: title, album, artist's name; `enrichment/` adds what the catalogue says. */
import { labelsOf, ownersOf, trackOriginsOf } from '../attribution/attribution.ts'
import { type EntityRef, idInAlbum, idOf, kindOf } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'

/** In place of the number of an entity that nothing mentions: no fact has it. */
export const NO_NUMBER = -1

export type RowKind = 'tracks' | 'albums' | 'artists'

/** What each row has before it is described, whatever it is about. */
export interface Keyed {
  /** Unique among all of its kind: of an artist `artist:<id>` or `name:<folded name>`, else the id alone. */
  key: string
  /** Whether the catalogue has filled the row in; false here. */
  enriched: boolean
}

interface Release {
  /** The same as `key`, for clients that keep rows apart by it. */
  id: string
  albumId: string | null
  title: string | null
  coverImage: string | null
  artistName: string | null
  url: string | null
}

export interface Track extends Release {
  type: 'track'
  /** The track's id inside its album: of `<albumId>_1` it is `1`. null where no album is known. */
  trackId: string | null
}

export interface Album extends Release {
  type: 'album'
}

export interface Artist {
  key: EntityRef<'artist' | 'name'>
  /** The artist's id; of a name that is bound to no artist the `key`, for the name may be another artist's id. */
  id: string
  type: 'artist'
  /** What the artist's KPIs are asked by: the artist's id, or the folded name. */
  entityId: string
  name: string | null
  profileImage: string | null
}

export type Described = Track | Album | Artist

/** An entity, its number, and what its row says beside the description. */
export interface Entity<Row extends Keyed> {
  id: number
  entity: EntityRef
  row: Row
}

export const keyOf = (kind: RowKind, entity: EntityRef): string => (kind === 'artists' ? entity : idOf(entity))

/** Adds to each row what events say of its entity. */
export function describe<Row extends Keyed>(
  reads: Snapshot,
  kind: RowKind,
  entities: readonly Entity<Row>[],
): Promise<(Row & Described)[]> {
  if (kind === 'artists') return artistRows(reads, entities)
  return kind === 'albums' ? albumRows(reads, entities) : trackRows(reads, entities)
}

export async function trackRows<Row extends Keyed>(
  reads: Snapshot,
  entities: readonly Entity<Row>[],
): Promise<(Row & Track)[]> {
  const tracks = entities.map(({ id }) => id)
  const origins = await trackOriginsOf(reads, tracks)
  const known = [...origins.values()]
  const labels = await labelsOf(reads, [...tracks, ...known.map(({ owner }) => owner).filter(id => id !== null)])
  const albums = await reads.entitiesOf(known.map(({ album }) => album).filter(id => id !== null))
  return entities.map(({ id: track, row }) => {
    const origin = origins.get(track)
    const album = lookUp(albums, origin?.album)
    const albumId = album === null ? null : idOf(album)
    return {
      id: row.key,
      ...row,
      type: 'track',
      trackId: albumId === null ? null : idInAlbum(row.key, albumId),
      albumId,
      title: labels.get(track) ?? null,
      coverImage: null,
      artistName: lookUp(labels, origin?.owner),
      url: null,
    }
  })
}

export async function albumRows<Row extends Keyed>(
  reads: Snapshot,
  entities: readonly Entity<Row>[],
): Promise<(Row & Album)[]> {
  const albums = entities.map(({ id }) => id)
  const owners = await ownersOf(reads, albums)
  const labels = await labelsOf(reads, [...albums, ...owners.values()])
  return entities.map(({ id: album, row }) => {
    const owner = owners.get(album)
    const artistName = owner === album ? null : lookUp(labels, owner)
    const title = labels.get(album) ?? null
    return { id: row.key, ...row, type: 'album', albumId: row.key, title, coverImage: null, artistName, url: null }
  })
}

async function artistRows<Row extends Keyed>(
  reads: Snapshot,
  entities: readonly Entity<Row>[],
): Promise<(Row & Artist)[]> {
  const labels = await labelsOf(
    reads,
    entities.map(({ id }) => id),
  )
  return entities.map(({ id: artist, entity, row }) => {
    const key = entity as Artist['key']
    const entityId = idOf(key)
    const id = kindOf(key) === 'artist' ? entityId : key
    return { id, entityId, ...row, key, type: 'artist', name: labels.get(artist) ?? null, profileImage: null }
  })
}

function lookUp<Text>(texts: ReadonlyMap<number, Text>, id: number | null | undefined): Text | null {
  return id === null || id === undefined ? null : (texts.get(id) ?? null)
}
