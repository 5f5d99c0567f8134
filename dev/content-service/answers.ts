/** The right answers of the stand-in catalogue. */
import { assetAt } from './assets.ts'
import type { Album, Artist, Catalogue } from './catalogue.ts'

export interface Answer {
  status: number
  type: string
  /** Sent as JSON; a text of another type is sent as it is. */
  value: unknown
}

export interface Shown {
  catalogue: Catalogue
  /** The server's address, with which addresses in answers begin. */
  url: string
  emails: boolean
}

export const JSON_TYPE = 'application/json; charset=utf-8'
const SVG_TYPE = 'image/svg+xml; charset=utf-8'

export const json = (value: unknown, status = 200): Answer => ({ status, type: JSON_TYPE, value })
export const failure = (status: number, error: string): Answer => json({ error }, status)

/** The answer to a GET. */
export function answerTo(target: URL, shown: Shown): Answer {
  if (target.pathname.startsWith('/assets/')) return asset(target.pathname, shown)
  const [, kind, encoded = ''] = /^\/api\/(albums|artists)(?:\/([^/]*))?\/?$/.exec(target.pathname) ?? []
  const id = decoded(encoded)
  if (id === undefined) return failure(400, 'Malformed path')
  if (kind === 'albums') return id === '' ? albumList(target.searchParams, shown) : album(id, shown)
  if (kind === 'artists') return id === '' ? artistList(shown) : artist(id, shown)
  return failure(404, 'Not found')
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function asset(path: string, { catalogue }: Shown): Answer {
  const drawing = assetAt(path, catalogue)
  return drawing === undefined ? failure(404, 'Not found') : { status: 200, type: SVG_TYPE, value: drawing }
}

function album(id: string, shown: Shown): Answer {
  const found = shown.catalogue.albums.find(album => album.id === id)
  return found ? json(albumBody(found, shown.url)) : failure(404, 'Album not found')
}

/** As in the platform, `genre` is a regular expression, and an unknown parameter (the rest of an unencoded `R&B`) fails. */
function albumList(query: URLSearchParams, { catalogue, url }: Shown): Answer {
  const unknown = query.keys().find(name => name !== 'genre' && name !== 'limit')
  if (unknown !== undefined) return failure(500, `Unknown parameter ${unknown}`)
  const genre = expression(query.get('genre') ?? '')
  if (!genre) return failure(500, 'Invalid regular expression')
  const newestFirst = catalogue.albums
    .filter(album => genre.test(album.genre))
    .sort((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt))
  const limit = Number(query.get('limit'))
  const albums = limit > 0 ? newestFirst.slice(0, limit) : newestFirst
  return json(albums.map(album => albumBody(album, url)))
}

function expression(text: string): RegExp | undefined {
  try {
    return new RegExp(text, 'i')
  } catch {
    return undefined
  }
}

function artist(id: string, shown: Shown): Answer {
  const number = Number(id)
  if (Number.isNaN(number)) return failure(500, `Cast to Number failed for value "${id}"`)
  const found = shown.catalogue.artists.find(artist => artist.id === number)
  if (!found) return failure(404, 'Artist not found')
  const albums = shown.catalogue.albums.filter(({ artistId }) => artistId === number)
  return json(artistBody(found, albums, shown))
}

function artistList(shown: Shown): Answer {
  const albums = Map.groupBy(shown.catalogue.albums, ({ artistId }) => artistId)
  return json(shown.catalogue.artists.map(artist => artistBody(artist, albums.get(artist.id) ?? [], shown)))
}

function albumBody({ amended, ...album }: Album, url: string) {
  const { coverImage, tracks } = album
  return { ...album, coverImage: absolute(coverImage, url), tracks: tracksBody(tracks, url), ...amended }
}

function artistBody({ amended, email, ...artist }: Artist, albums: readonly Album[], { url, emails }: Shown) {
  return {
    ...artist,
    profileImage: absolute(artist.profileImage, url),
    ...(emails && { email }),
    albums: albums.map(({ id, title, genre, tracks, coverImage }) => ({
      id,
      title,
      genre,
      tracks: tracksBody(tracks, url),
      coverImage: absolute(coverImage, url),
    })),
    ...amended,
  }
}

const tracksBody = (tracks: Album['tracks'], url: string) =>
  tracks.map(track => ({ ...track, url: absolute(track.url, url) }))

/** Only paths are made absolute; any other text of a test stays as it is. */
const absolute = (address: string, url: string) => (address.startsWith('/') ? url + address : address)
