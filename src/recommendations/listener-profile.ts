/** What recommendations know of one listener: genres, and the albums and artists not to recommend. */
import { genresOf, labelsOf } from '../attribution/attribution.ts'
import { compareIds, idInAlbum } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import { PLAYS_KNOWN } from './listener-history.ts'
import { type ListenerItem, listenerItems } from './listener-items.ts'
import type { Because } from './recommendation.ts'

/** Passes between threads by structured clone. All ids are bare: `4`, not `artist:4`. */
export interface ListenerProfile {
  /** The greatest share first, ties by genre. */
  genres: GenreTaste[]
  /** Albums that were bought, liked (or a track of theirs), or played more than `PLAYS_KNOWN` times. */
  hadAlbums: Set<string>
  /** Artists who were followed, or whose music was bought, liked, or played more than `PLAYS_KNOWN` times. */
  hadArtists: Set<string>
  /** How often the listener played each album. */
  ownAlbumPlays: Map<string, number>
}

export interface GenreTaste {
  /** Folded. */
  genre: string
  /** This genre's share in the weight of all items of a known genre: 0 to 1; the sum of all genres is 1. */
  share: number
  /** At most 100 items of this genre, of the greatest weight first; their shares add up to 1. */
  because: Because[]
}

const MAX_BECAUSE = 100
/** How many items decide on the genres. */
const MAX_TASTE = 1_000
/** How many artists without a genre get that of their albums. */
const MAX_GENRES_BY_ALBUMS = 50

/** What not to recommend to a listener. */
export type Had = Pick<ListenerProfile, 'hadAlbums' | 'hadArtists'>

/**
 * Empty for a listener without counted events. It is made of the items of the greatest weight: 1,000 for the genres, 10,000 for
 * what the listener has.
 */
export async function listenerProfile(reads: Snapshot, userId: string): Promise<ListenerProfile> {
  const items = await listenerItems(reads, userId)
  return { ...possessions(items), genres: await genreTastes(reads, items.slice(0, MAX_TASTE)) }
}

/** The part of the profile that is quick to compute. */
export async function listenerHad(reads: Snapshot, userId: string): Promise<Had> {
  const { hadAlbums, hadArtists } = possessions(await listenerItems(reads, userId))
  return { hadAlbums, hadArtists }
}

function possessions(items: readonly ListenerItem[]): Omit<ListenerProfile, 'genres'> {
  const ownAlbumPlays = playsBy(items, ({ album }) => album)
  const ownArtistPlays = playsBy(items, ({ artist }) => artist)
  const albums = items.filter(({ likes, purchases }) => likes + purchases > 0).map(({ album }) => album)
  const artists = items
    .filter(({ likes, follows, purchases }) => likes + follows + purchases > 0)
    .map(({ artist }) => artist)
  return {
    hadAlbums: new Set([...albums.filter(id => id !== null), ...known(ownAlbumPlays)]),
    hadArtists: new Set([...artists.filter(id => id !== null), ...known(ownArtistPlays)]),
    ownAlbumPlays,
  }
}

function playsBy(items: readonly ListenerItem[], groupOf: (item: ListenerItem) => string | null): Map<string, number> {
  const plays = new Map<string, number>()
  for (const item of items) {
    const group = groupOf(item)
    if (group !== null && item.plays > 0) plays.set(group, (plays.get(group) ?? 0) + item.plays)
  }
  return plays
}

function known(plays: ReadonlyMap<string, number>): string[] {
  return [...plays].filter(([, count]) => count > PLAYS_KNOWN).map(([id]) => id)
}

/** Sums in the order of the items, so that shares are equal to the last bit in whatever order events arrived. */
async function genreTastes(reads: Snapshot, items: readonly ListenerItem[]): Promise<GenreTaste[]> {
  const genreOf = await itemGenres(reads, items)
  const known = items.filter(({ entity }) => genreOf.has(entity))
  const total = known.reduce((sum, { weight }) => sum + weight, 0)
  const groups = [...Map.groupBy(known, ({ entity }) => genreOf.get(entity)!)]
  const shown = groups.flatMap(([, all]) => all.slice(0, MAX_BECAUSE).map(({ entity }) => entity))
  const labels = await labelsOf(reads, shown)
  return groups
    .map(([genre, all]) => ({
      genre,
      share: all.reduce((sum, { weight }) => sum + weight, 0) / total,
      because: explaining(all.slice(0, MAX_BECAUSE), labels),
    }))
    .sort((a, b) => b.share - a.share || compareIds(a.genre, b.genre))
}

/** The folded genre of each item; of an artist without one, the genre of most of the artist's albums. */
async function itemGenres(reads: Snapshot, items: readonly ListenerItem[]): Promise<Map<number, string>> {
  const genres = await genresOf(
    reads,
    items.map(({ entity }) => entity),
  )
  const unknown = items.filter(({ type, entity }) => type === 'artist' && !genres.has(entity))
  const artists = unknown.slice(0, MAX_GENRES_BY_ALBUMS).map(({ entity }) => entity)
  return new Map([...genres, ...(await genresByAlbums(reads, artists))])
}

/** The genre of most albums of each artist, by the rule of `genresOf`; ties: the smaller genre. */
async function genresByAlbums(reads: Snapshot, artists: readonly number[]): Promise<Map<number, string>> {
  if (artists.length === 0) return new Map()
  const rows = await reads.rows<{ owner: number; genre: string }>(
    `WITH albums AS MATERIALIZED (
       SELECT owner, key FROM attribution JOIN names ON names.id = key
       WHERE owner IN (SELECT unnest($artists)) AND kind = 'album'::entity_kind
     ),
     genres AS (
       SELECT owner, coalesce(genre, target) AS genre, count(*) AS albums FROM albums
       LEFT JOIN catalogue ON entity = key
       LEFT JOIN best_of((SELECT list(key) FROM albums), 'genre') ON source = key
       GROUP BY ALL
     )
     SELECT owner, text AS genre FROM genres JOIN names ON names.id = genres.genre
     QUALIFY row_number() OVER (PARTITION BY owner ORDER BY albums DESC, id_order(text)) = 1`,
    { artists },
  )
  return new Map(rows.map(({ owner, genre }) => [owner, genre]))
}

function explaining(items: readonly ListenerItem[], labels: ReadonlyMap<number, string>): Because[] {
  const total = items.reduce((sum, { weight }) => sum + weight, 0)
  return items.map(({ type, id, album, entity, weight }): Because => {
    const item = { type, id, title: labels.get(entity) ?? null, share: weight / total }
    return type !== 'track' || album === null ? item : { ...item, albumId: album, trackId: idInAlbum(id, album) }
  })
}
