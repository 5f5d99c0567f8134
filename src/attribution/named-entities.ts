/** The entities that an event, or a line of an order, names, and the attribution keys that they give. */
import type { Metadata, OrderItem, StatsEvent } from '../events/event.ts'
import { idOrUndefined, isAbsentId, isAnonymousUserId } from '../identity/absent-ids.ts'
import {
  type AttributionKey,
  albumOfTrack,
  albumRef,
  artistRef,
  type EntityRef,
  labelRef,
  NO_ENTITY,
  nameRef,
  trackOf,
} from '../identity/entity-ref.ts'

export interface NamedEntities {
  /** Each once, in the order in which they were sent. */
  artists: readonly EntityRef<'artist'>[]
  album: EntityRef<'album'> | undefined
  name: EntityRef<'name'> | undefined
  /** How the name is spelled; undefined where there is no name. */
  spelling: EntityRef<'label'> | undefined
  /** Of an event alone: a line of an order names none. */
  track: EntityRef<'track'> | undefined
}

/** What an event names by its metadata and, where that names no artist or album, by `entityType` and `entityId`. */
export function entitiesOfEvent(event: StatsEvent): NamedEntities {
  const entities = entitiesIn(event.metadata ?? {})
  const kind = idOrUndefined(event.entityType) ?? (namesArtist(entities) ? 'track' : 'artist')
  const id = idOrUndefined(event.entityId)
  if (id === undefined) return entities
  if (kind === 'artist' && entities.artists.length === 0) entities.artists = [artistRef(id)]
  if (kind === 'album') entities.album ??= albumRef(id)
  if (kind === 'track') {
    entities.album ??= albumOfTrack(id)
    entities.track = trackOf(id, entities.album)
  }
  return entities
}

/** What an item of an order names; an item that names neither artist nor album is credited as its order is. */
export function entitiesOfItem(item: OrderItem, ofOrder: NamedEntities): NamedEntities {
  const entities = entitiesIn(item)
  return namesArtist(entities) || entities.album !== undefined ? entities : { ...ofOrder, track: undefined }
}

/** Whom an event or a line of an order is credited to: the first that it names of artists, album and name. */
export function attributionKeysOf({ artists, album, name }: NamedEntities): readonly AttributionKey[] {
  return artists.length > 0 ? artists : [album ?? name ?? NO_ENTITY]
}

/** The user; undefined where the event is anonymous. */
export function listenerOf({ anonymous, userId }: StatsEvent): string | undefined {
  return anonymous || userId === undefined || isAnonymousUserId(userId) ? undefined : userId
}

/** The album that metadata name by its id. */
export function albumIn({ albumId }: Metadata | OrderItem): EntityRef<'album'> | undefined {
  const id = idOrUndefined(albumId)
  return id === undefined ? undefined : albumRef(id)
}

function entitiesIn(metadata: Metadata | OrderItem): NamedEntities {
  const name = [metadata.artist, metadata.artistName].find(isName)
  return {
    artists: artistIdsIn(metadata).map(artistRef),
    album: albumIn(metadata),
    name: name === undefined ? undefined : nameRef(name),
    spelling: name === undefined ? undefined : labelRef(name.trim().normalize('NFC')),
    track: undefined,
  }
}

function artistIdsIn({ artistIds, artistId }: Metadata | OrderItem): string[] {
  const several = artistIds?.filter(id => !isAbsentId(id)) ?? []
  if (several.length > 0) return several.length > 1 ? [...new Set(several)] : several
  const one = idOrUndefined(artistId)
  return one === undefined ? [] : [one]
}

/** An artist may be called Null or Undefined, as no id is, but no artist is called as scripts write an object. */
function isName(text: unknown): text is string {
  return typeof text === 'string' && !['', '[object object]'].includes(text.trim().toLowerCase())
}

function namesArtist({ artists, name }: NamedEntities): boolean {
  return artists.length > 0 || name !== undefined
}
