/**
 * Reads albums and artists from the catalogue's answers, which are not trusted: only known fields are taken, each of the right
 * type and of limited length. A field of another type counts as absent.
 */
import { cutText } from '../cut-text.ts'
import { MAX_ID_LENGTH, MAX_TEXT_LENGTH } from '../events/bounds.ts'
import { digitsOf, type Fields, isExactNumber, isFields, parseJson } from '../events/exact-json.ts'
import { asciiAddress } from '../identity/email-address.ts'

export interface CatalogueTrack {
  /** Unique within its album only. */
  id: string
  /** Its `_id`, where the answer has both and they differ. */
  otherId: string | null
  title: string | null
  /** http or https. */
  url: string | null
}

export interface CatalogueAlbum {
  id: string
  title: string | null
  artistName: string | null
  artistId: string | null
  genre: string | null
  /** http or https. */
  coverImage: string | null
  /** The day, as `2026-03-01`. */
  releaseDate: string | null
  releaseYear: number | null
  tracks: CatalogueTrack[]
  /** Whether `tracks` is complete: only then does a track that is not in it not exist. */
  hasAllTracks: boolean
  /** Not to be recommended. */
  isHidden: boolean
}

export interface CatalogueArtist {
  id: string
  /** Its `_id`, where the answer has both and they differ. */
  otherId: string | null
  name: string | null
  /** http or https. */
  profileImage: string | null
  genre: string | null
  /** Exactly one address, to which mail can be sent. */
  email: string | null
  /** Not to be recommended. */
  isHidden: boolean
}

const MAX_TRACKS = 1000

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The value of a body in JSON; undefined where it is not JSON. */
export function parseAnswer(body: Uint8Array): unknown {
  try {
    return parseJson(UTF8.decode(body))
  } catch {
    return undefined
  }
}

/**
 * The album of an answer, under the id that was requested. Undefined where the answer is not an album, or has other ids. An
 * answer without any id must have a title: `{}` and `{"error": …}` are not albums.
 */
export function readAlbum(answer: unknown, requestedId: string): CatalogueAlbum | undefined {
  if (!isFields(answer)) return undefined
  const album = albumOf(answer, requestedId)
  const ids = idsOf(answer)
  const isAlbum = ids.length === 0 ? album.title !== null : ids.includes(requestedId)
  return isAlbum ? album : undefined
}

/**
 * The artist of an answer. Undefined where the answer is not an artist, or neither its `id` nor its `_id` is the requested id.
 * An answer without any id must have a name.
 */
export function readArtist(answer: unknown, requestedId?: string): CatalogueArtist | undefined {
  if (!isFields(answer)) return undefined
  const ids = idsOf(answer)
  const [id = requestedId, otherId = null] = ids
  if (id === undefined) return undefined
  const artist = artistOf(answer, id, otherId)
  const isArtist = ids.length === 0 ? artist.name !== null : requestedId === undefined || ids.includes(requestedId)
  return isArtist ? artist : undefined
}

/** The album of a list's item; undefined where the item is not an album, or has no id. */
export function readListedAlbum(item: unknown): CatalogueAlbum | undefined {
  const [id] = isFields(item) ? idsOf(item) : []
  return id === undefined ? undefined : readAlbum(item, id)
}

/** The fields that are read of each artist of a list, which may be very long. */
export type ListedArtist = Omit<CatalogueArtist, 'profileImage' | 'email' | 'isHidden'>

/** The artist of a list's item; undefined where the item is not an artist, or has no id. */
export function readListedArtist(item: unknown): ListedArtist | undefined {
  const artist = readArtist(item)
  return artist && { id: artist.id, otherId: artist.otherId, name: artist.name, genre: artist.genre }
}

function albumOf(answer: Fields, id: string): CatalogueAlbum {
  // Of an album that was rated, the catalogue answers the whole artist instead of the artist's name or id.
  const artists = [field(answer, 'artistId'), field(answer, 'artist')].filter(isFields)
  const names = artists.map(artist => firstText(artist, 'name', 'bandName')).filter(name => name !== null)
  const listed = field(answer, 'tracks')
  const tracks = tracksOf(listed)
  return {
    id,
    title: firstText(answer, 'title', 'name'),
    artistName: firstText(answer, 'artist', 'artistName') ?? names[0] ?? null,
    artistId: idIn(answer, 'artistId') ?? artists.flatMap(idsOf)[0] ?? null,
    genre: firstText(answer, 'genre'),
    coverImage: urlIn(answer, 'coverImage'),
    releaseDate: dayIn(answer, 'releaseDate') ?? dayIn(answer, 'releasedAt') ?? dayIn(answer, 'release_date'),
    releaseYear: yearIn(answer, 'releaseYear'),
    tracks,
    hasAllTracks: Array.isArray(listed) && listed.length === tracks.length,
    isHidden: isHidden(answer),
  }
}

function artistOf(answer: Fields, id: string, otherId: string | null): CatalogueArtist {
  return {
    id,
    otherId,
    name: firstText(answer, 'name', 'bandName'),
    profileImage: urlIn(answer, 'profileImage') ?? urlIn(answer, 'image'),
    genre: firstText(answer, 'genre'),
    email: emailIn(answer, 'email') ?? emailIn(answer, 'contactEmail') ?? emailIn(answer, 'correo'),
    isHidden: isHidden(answer),
  }
}

/** Its owner has hidden it, or it is not to be had any more. */
const isHidden = (answer: Fields): boolean => field(answer, 'hidden') === true || field(answer, 'available') === false

function tracksOf(tracks: unknown): CatalogueTrack[] {
  if (!Array.isArray(tracks)) return []
  return tracks.slice(0, MAX_TRACKS).flatMap(track => {
    const [id, otherId = null] = isFields(track) ? idsOf(track) : []
    if (id === undefined) return []
    return { id, otherId, title: firstText(track, 'title', 'name'), url: urlIn(track, 'url') }
  })
}

/** `id` and `_id`, those that are present, without duplicates. */
function idsOf(answer: Fields): string[] {
  const ids = [idIn(answer, 'id'), idIn(answer, '_id')]
  return [...new Set(ids.filter(id => id !== null))]
}

/** A string, or an integer as its decimal string. A longer id is null: cut off it would be another entity's. */
function idIn(answer: Fields, name: string): string | null {
  const value = field(answer, name)
  const id = typeof value === 'number' || isExactNumber(value) ? (digitsOf(value) ?? null) : textOf(value)
  return id !== null && id.length <= MAX_ID_LENGTH ? id : null
}

function firstText(answer: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const text = textOf(field(answer, name))
    if (text !== null) return cutText(text, MAX_TEXT_LENGTH)
  }
  return null
}

function urlIn(answer: Fields, name: string): string | null {
  const text = textOf(field(answer, name))
  if (text === null || text.length > MAX_TEXT_LENGTH || /\p{Cc}/u.test(text)) return null
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null
}

/** The day of an ISO date or date-time, as it is written: `2026-03-01T23:30:00-05:00` is of `2026-03-01`. */
function dayIn(answer: Fields, name: string): string | null {
  const [, day] = /^([1-9]\d{3}-\d\d-\d\d)(?:T.*)?$/.exec(textOf(field(answer, name)) ?? '') ?? []
  return day !== undefined && isDay(day) ? day : null
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}

/** A year of four digits, as a number or a string. */
function yearIn(answer: Fields, name: string): number | null {
  const year = idIn(answer, name)
  return year !== null && /^[1-9]\d{3}$/.test(year) ? Number(year) : null
}

function emailIn(answer: Fields, name: string): string | null {
  const text = textOf(field(answer, name))
  return text !== null && asciiAddress(text) !== null ? text : null
}

/** Trimmed text; null where it is empty, or contains what a store would not keep unchanged. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text !== '' && text.isWellFormed() && !text.includes('\0') ? text : null
}

/** An own field of the answer, never an inherited one such as `toString`. */
function field(answer: Fields, name: string): unknown {
  return Object.hasOwn(answer, name) ? answer[name] : undefined
}
