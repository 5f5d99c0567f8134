/**
 * References to the entities that events name: `<kind>:<id>`, such as `artist:4`, and `none` where an event names none.
 * Nothing else builds such texts or takes them apart, besides the SQL that joins the columns of the table `names`.
 */
import { foldText } from './fold-text.ts'

/** In the order of the enumeration `entity_kind` of the figures. */
export const ENTITY_KINDS = ['artist', 'album', 'name', 'track', 'genre', 'label', 'answer', 'none'] as const
export type EntityKind = (typeof ENTITY_KINDS)[number]

declare const KIND: unique symbol
/** A text such as `artist:4`. It is made by the functions of this file alone, so that no other text passes for one. */
export type EntityRef<Kind extends EntityKind = EntityKind> = string & { readonly [KIND]: Kind }

/** What credits go to: an artist, an album, a name that may be an artist's, or none of them. */
export type AttributionKey = EntityRef<'artist' | 'album' | 'name' | 'none'>

/** The attribution key of an event that names no artist, album or name. */
export const NO_ENTITY = 'none' as EntityRef<'none'>

export const artistRef = (id: string) => `artist:${id}` as EntityRef<'artist'>
export const albumRef = (id: string) => `album:${id}` as EntityRef<'album'>
/** The artist's name, folded: all spellings that differ in case only are one name. */
export const nameRef = (name: string) => `name:${foldText(name)}` as EntityRef<'name'>
/** `key` is a track's id among all tracks; `trackOf` makes it of what an event says. */
export const trackRef = (key: string) => `track:${key}` as EntityRef<'track'>
/** The genre, folded as names are. */
export const genreRef = (genre: string) => `genre:${foldText(genre)}` as EntityRef<'genre'>
/** How a name or a title is spelled. */
export const labelRef = (text: string) => `label:${text}` as EntityRef<'label'>

/** An answer with recommendations. */
export const answerRef = (id: string) => `answer:${id}` as EntityRef<'answer'>

/** The reference of a row of the table `names`. */
export function entityRef<Kind extends EntityKind>(kind: Kind, id: string): EntityRef<Kind> {
  return (kind === 'none' ? kind : `${kind}:${id}`) as EntityRef<Kind>
}

/** The reference that a text is, or undefined where it is none. */
export function parseEntityRef(text: string): EntityRef | undefined {
  const kind = text === NO_ENTITY ? text : text.slice(0, Math.max(0, text.indexOf(':')))
  const isKind = text === NO_ENTITY || (kind !== NO_ENTITY && ENTITY_KINDS.some(known => known === kind))
  return isKind ? (text as EntityRef) : undefined
}

export function kindOf<Kind extends EntityKind>(ref: EntityRef<Kind>): Kind {
  const end = ref.indexOf(':')
  return (end === -1 ? ref : ref.slice(0, end)) as string as Kind
}

/** What follows the kind, `4` of `artist:4`; empty of `none`. */
export function idOf(ref: EntityRef): string {
  const end = ref.indexOf(':')
  return end === -1 ? '' : ref.slice(end + 1)
}

/**
 * The track that an event names with its `entityId`, in an album where the event names one. A track is its album and its
 * number, so that plays (`1` of an album) and likes (`<album>_1`) meet under one reference, `track:<album>_1`. Undefined for
 * a bare number without an album: every album has a track 1.
 */
export function trackOf(entityId: string, album: EntityRef<'album'> | undefined): EntityRef<'track'> | undefined {
  if (album === undefined) return /^\d+$/.test(entityId) ? undefined : trackRef(entityId)
  const albumId = idOf(album)
  return trackRef(entityId.length <= 10 && !entityId.startsWith(`${albumId}_`) ? `${albumId}_${entityId}` : entityId)
}

/** The album that a track's id itself names: the 24 hexadecimal digits before its number, as in `<24 digits>_1`. */
export function albumOfTrack(entityId: string): EntityRef<'album'> | undefined {
  return /^[0-9a-f]{24}_\d+$/i.test(entityId) ? albumRef(entityId.slice(0, 24)) : undefined
}

/** A track's id inside its album, as the catalogue has it: `1` of the key `<albumId>_1`. */
export function idInAlbum(trackKey: string, albumId: string): string {
  return trackKey.startsWith(`${albumId}_`) ? trackKey.slice(albumId.length + 1) : trackKey
}

/**
 * Compares two ids: numbers come first, as numbers, then the others by code points: '9', '10', '010', 'a'. Negative where `a`
 * comes first. The macro `id_order` of the figures gives the same order.
 */
export function compareIds(a: string, b: string): number {
  const isNumber = /^[0-9]+$/.test(a)
  if (isNumber !== /^[0-9]+$/.test(b)) return isNumber ? -1 : 1
  if (isNumber) {
    const difference = BigInt(a) - BigInt(b)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
