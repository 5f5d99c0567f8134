/** Whom and what an event names, as a plain reading of the rules, whose sentences are quoted where each is followed. */
import type { Metadata, OrderItem, StatsEvent } from '../../src/events/event.ts'
import { naiveFold } from './naive-fold.ts'

/** 'Ids that say nothing (`undefined`, `null`, `NaN`, `[object Object]`, blanks, in any case of letters)' */
const SAYS_NOTHING = /^\s*(undefined|null|nan|\[object object\])?\s*$/i

/** '`anonymous`, `undefined`, `null`, `NaN`, `[object Object]` in any case of letters' */
const IS_NOBODY = /^\s*(anonymous|undefined|null|nan|\[object object\])?\s*$/i

/** 'An artist may be called Null or Undefined, an id never is.' */
const IS_NO_NAME = /^\s*(\[object object\])?\s*$/i

const DIGITS = '0123456789'
const HEX_DIGITS = '0123456789abcdefABCDEF'

/** What metadata or an item of an order name. */
export interface Named {
  artists: string[]
  album: string | undefined
  /** As it is spelled. */
  name: string | undefined
}

export function namedBy({ artistIds = [], artistId, albumId, artist, artistName }: Metadata | OrderItem): Named {
  const several = artistIds.filter(saysSomething)
  const artists = several.length > 0 ? several : [artistId].filter(saysSomething)
  return {
    // 'Several artists (in the order sent, each once)'
    artists: artists.filter((id, i) => artists.indexOf(id) === i),
    album: saysSomething(albumId) ? albumId : undefined,
    // What a play calls `artist`, a follow calls `artistName`.
    name: [artist, artistName].filter(name => typeof name === 'string').find(name => !IS_NO_NAME.test(name)),
  }
}

/** What an event names, its entity included, which may be a track: then `track` is the track's key. */
export function namedByEvent({ entityType, entityId, metadata = {} }: StatsEvent): Named & { track?: string } {
  const said = namedBy(metadata)
  // 'So too where `entityType` is absent and `metadata` names no artist (the script client)'; 'an event names a track where
  // `entityType` is `track`, or absent while `metadata` names the artist.'
  const type = saysSomething(entityType) ? entityType : namesNoArtist(said) ? 'artist' : 'track'
  if (!saysSomething(entityId)) return said
  // '`metadata.artistIds[]` or `metadata.artistId`'; then '`entityType` is `artist`: `artist:<entityId>`'.
  if (type === 'artist') return { ...said, artists: said.artists.length > 0 ? said.artists : [entityId] }
  // '`metadata.albumId`, or `entityId` where `entityType` is `album`, or the 24-hex prefix of a track id'
  if (type === 'album') return { ...said, album: said.album ?? entityId }
  if (type !== 'track') return said
  const album = said.album ?? albumOfTrack(entityId)
  const track = trackKey(entityId, album)
  return track === undefined ? { ...said, album } : { ...said, album, track }
}

export function namesNoArtist({ artists, name }: Named): boolean {
  return artists.length === 0 && name === undefined
}

/** Artists, else the album, else 'a name: `name:<name>` (trimmed, NFC, full case folding)', else nobody. */
export function attributionKeysOf({ artists, album, name }: Named): string[] {
  if (artists.length > 0) return artists.map(id => `artist:${id}`)
  if (album !== undefined) return [`album:${album}`]
  if (name !== undefined) return [`name:${naiveFold(name)}`]
  return ['none']
}

export function saysSomething(text: string | undefined): text is string {
  return text !== undefined && !SAYS_NOTHING.test(text)
}

/** 'the 24-hex prefix of a track id like `<albumId>_<n>`' */
export function albumOfTrack(id: string): string | undefined {
  const [prefix = '', number = '', ...rest] = id.split('_')
  const isAlbum = prefix.length === 24 && consistsOf(prefix, HEX_DIGITS)
  return isAlbum && consistsOf(number, DIGITS) && rest.length === 0 ? prefix : undefined
}

/**
 * 'Its key is `<albumId>_<entityId>` where an album is known and the entity id has at most 10 characters and is not of that
 * form already; any other id stands alone; a bare number without an album names no track.'
 */
export function trackKey(id: string, album: string | undefined): string | undefined {
  if (album === undefined) return consistsOf(id, DIGITS) ? undefined : id
  const isOfThatForm = id.startsWith(`${album}_`)
  return id.length <= 10 && !isOfThatForm ? `${album}_${id}` : id
}

function consistsOf(text: string, letters: string): boolean {
  return text !== '' && [...text].every(letter => letters.includes(letter))
}

/** 'A listener is `userId`, unless that is absent, blank, or one of …, or `anonymous` is true: then nobody.' */
export function listenerOf({ userId, anonymous }: StatsEvent): string | undefined {
  return userId === undefined || IS_NOBODY.test(userId) || anonymous === true ? undefined : userId
}
