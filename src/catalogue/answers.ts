/**
 * What the catalogue answers, read as if a stranger had sent it: only known fields are taken, each of the right type
 * and of bounded length. A field that is wrong counts as absent.
 */

import { cutText } from '../cut-text.ts'
import { MAX_ID_LENGTH, MAX_TEXT_LENGTH } from '../events/bounds.ts'
import { digitsOf, type Fields, isExactNumber, isFields, parseJson } from '../events/exact-json.ts'
import { asciiAddress } from '../identity/email-address.ts'

export interface CatalogueTrack {
  /** Unique inside its album only. */
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
  tracks: CatalogueTrack[]
  /** Whether those are all: only then is a track that is not among them none. */
  hasAllTracks: boolean
}

export interface CatalogueArtist {
  id: string
  /** Its `_id`, where the answer has both and they differ. */
  otherId: string | null
  name: string | null
  /** http or https. */
  profileImage: string | null
  genre: string | null
  /** One address that can be mailed to. */
  email: string | null
}

const MAX_TRACKS = 1000

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The JSON of a body; undefined where it is none. */
export function parseAnswer(body: Uint8Array): unknown {
  try {
    return parseJson(UTF8.decode(body))
  } catch {
    return undefined
  }
}

/**
 * The album that an answer holds; its id is the one that was asked for. Undefined where the answer is no album, or
 * another one.
 */
export function readAlbum(answer: unknown, askedId: string): CatalogueAlbum | undefined {
  if (!isFields(answer)) return undefined
  const album = albumOf(answer, askedId)
  const ids = idsOf(answer)
  return ids.length === 0 ? albumWithoutId(album) : ids.includes(askedId) ? album : undefined
}

/** The artist that an answer holds. Undefined where the answer is none, or another one: neither its `id` nor its `_id`. */
export function readArtist(answer: unknown, askedId?: string): CatalogueArtist | undefined {
  if (!isFields(answer)) return undefined
  const [id = askedId, otherId = null] = idsOf(answer)
  if (id === undefined) return undefined
  const artist = artistOf(answer, id, otherId)
  if (idsOf(answer).length === 0) return artist.name === null ? undefined : artist
  return askedId === undefined || askedId === id || askedId === otherId ? artist : undefined
}

/** The album that an item of a list holds; undefined where it is none, or has no id. */
export function readListedAlbum(item: unknown): CatalogueAlbum | undefined {
  const [id] = isFields(item) ? idsOf(item) : []
  return id === undefined ? undefined : readAlbum(item, id)
}

/** What is read of the artists of a list, which are very many. */
export type ListedArtist = Omit<CatalogueArtist, 'profileImage' | 'email'>

/** The artist that an item of a list holds; undefined where it is none, or has no id. */
export function readListedArtist(item: unknown): ListedArtist | undefined {
  const artist = readArtist(item)
  return artist && { id: artist.id, otherId: artist.otherId, name: artist.name, genre: artist.genre }
}

/** An answer without an id must at least say what it is called; `{}` and `{"error": …}` are no albums. */
function albumWithoutId(album: CatalogueAlbum): CatalogueAlbum | undefined {
  return album.title === null ? undefined : album
}

function albumOf(answer: Fields, id: string): CatalogueAlbum {
  // After a rating the catalogue puts the artist itself where its name or id is otherwise.
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
    tracks,
    hasAllTracks: Array.isArray(listed) && listed.length === tracks.length,
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
  }
}

function tracksOf(tracks: unknown): CatalogueTrack[] {
  if (!Array.isArray(tracks)) return []
  return tracks.slice(0, MAX_TRACKS).flatMap(track => {
    const [id, otherId = null] = isFields(track) ? idsOf(track) : []
    if (id === undefined) return []
    return { id, otherId, title: firstText(track, 'title', 'name'), url: urlIn(track, 'url') }
  })
}

/** `id`, then `_id`: those that are there, each once. */
function idsOf(answer: Fields): string[] {
  const ids = [idIn(answer, 'id'), idIn(answer, '_id')]
  return [...new Set(ids.filter(id => id !== null))]
}

/** A string, or an integer as its decimal string. An id that is too long is none: cut off it would be another's. */
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

function emailIn(answer: Fields, name: string): string | null {
  const text = textOf(field(answer, name))
  return text !== null && asciiAddress(text) !== null ? text : null
}

/** Trimmed text; null where nothing is left, or where it holds what no store keeps unchanged. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text !== '' && text.isWellFormed() && !text.includes('\0') ? text : null
}

/** A field of the answer's own, never one that every object inherits. */
function field(answer: Fields, name: string): unknown {
  return Object.hasOwn(answer, name) ? answer[name] : undefined
}
