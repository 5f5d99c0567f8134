/**
 * Whom things belong to, how they are spelled, and what else is said of them, as one state of the figures has it. All
 * entities are numbers here; everything is asked in bulk. The rules for owners are in `resolver.ts`.
 */
import { foldText } from '../identity/fold-text.ts'
import type { Snapshot } from '../storage/figures.ts'

/**
 * The attribution keys whose figures are those of `$owner`, itself among them: `WHERE key IN ${KEYS_OF_OWNER}`. Looked up
 * in the statement, for an artist may have more keys than should be passed to it; and as numbers of the column's type, by
 * which DuckDB passes over the rows of other keys.
 */
export const KEYS_OF_OWNER =
  '(SELECT key FROM attribution WHERE owner = $owner::INTEGER UNION ALL SELECT $owner::INTEGER)'

/**
 * Whose figures are asked for with an id: those of the artist with this id (in any form of it) or, where nothing names
 * such an artist, those of this name; undefined where nothing mentions either.
 */
export async function ownerAskedFor(reads: Snapshot, artistId: string): Promise<number | undefined> {
  const name = `name:${foldText(artistId)}`
  const owners = await ownersOfEntities(reads, [`artist:${artistId}`, name])
  const artist = owners.get(`artist:${artistId}`)
  const named = owners.get(name)
  const isUnbound = named !== undefined && named === reads.idsOf([name]).get(name)
  // Few texts are both, so that it is seldom asked which of them is meant.
  const isArtist = !isUnbound || (artist !== undefined && (await isKnown(reads, artist)))
  return isArtist ? artist : named
}

/**
 * Whom a text means, however it is spelled: an artist by any form of its id or a name that belongs to it, else an unbound
 * name; undefined where nothing mentions either.
 */
export async function meantBy(reads: Snapshot, asked: string): Promise<number | undefined> {
  const folded = foldText(asked)
  const artists = [asked, asked.trim(), folded].map(id => `artist:${id}`)
  const owners = await ownersOfEntities(reads, [...artists, `name:${folded}`])
  for (const entity of artists) {
    const artist = owners.get(entity)
    if (artist !== undefined && (await isKnown(reads, artist))) return artist
  }
  return owners.get(`name:${folded}`)
}

/** Whom each key belongs to: itself where it belongs to nobody else. */
export async function ownersOf(reads: Snapshot, keys: readonly number[]): Promise<Map<number, number>> {
  const owners = new Map(keys.map(key => [key, key]))
  if (keys.length === 0) return owners
  const rows = await reads.rows<{ key: number; owner: number }>(
    'SELECT key, owner FROM attribution WHERE key IN (SELECT unnest($keys))',
    { keys: [...owners.keys()] },
  )
  for (const { key, owner } of rows) owners.set(key, owner)
  return owners
}

/** How each entity is spelled: an artist as the catalogue does, else as most events do; what is never spelled is absent. */
export async function labelsOf(reads: Snapshot, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await reads.rows<{ id: number; label: string }>(
    `SELECT asked.id, coalesce(said.label, names.text) AS label
     FROM (SELECT DISTINCT unnest($ids) AS id) AS asked
     LEFT JOIN (FROM catalogue WHERE kind = 'artist') AS said ON said.entity = asked.id
     LEFT JOIN best_of($ids, 'label') AS spelled ON spelled.source = asked.id
     LEFT JOIN names ON names.id = spelled.target
     WHERE coalesce(said.label, names.text) IS NOT NULL`,
    { ids },
  )
  return new Map(rows.map(({ id, label }) => [id, label]))
}

export interface TrackOrigin {
  /** null where none is known. */
  album: number | null
  /**
   * The album's owner where that is an artist or a name, else the artist or name that the track's own events say most; null
   * where that is nobody.
   */
  owner: number | null
}

/** The album of each track, and whom it belongs to. */
export async function trackOriginsOf(reads: Snapshot, tracks: readonly number[]): Promise<Map<number, TrackOrigin>> {
  if (tracks.length === 0) return new Map()
  const rows = await reads.rows<TrackOrigin & { track: number }>(
    `SELECT track, of_albums.target AS album,
       coalesce(of_album.owner, of_own.owner, of_artists.target, of_names.target) AS owner
     FROM (SELECT DISTINCT unnest($tracks) AS track)
     LEFT JOIN best_of($tracks, 'album') AS of_albums ON of_albums.source = track
     LEFT JOIN best_of($tracks, 'artist') AS of_artists ON of_artists.source = track
     LEFT JOIN best_of($tracks, 'name') AS of_names ON of_names.source = track
     LEFT JOIN attribution AS of_album ON of_album.key = of_albums.target
     LEFT JOIN attribution AS of_own ON of_own.key = coalesce(of_artists.target, of_names.target)`,
    { tracks },
  )
  return new Map(rows.map(({ track, album, owner }) => [track, { album, owner }]))
}

/**
 * The folded genre of each track, album and artist: of a track, what the catalogue says of its album, else what its own
 * events say most, else what its album's do; of an artist, what the catalogue says. Others are absent.
 */
export async function genresOf(reads: Snapshot, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await reads.rows<{ id: number; genre: string }>(
    `WITH asked AS (
       SELECT id, coalesce(target, id) AS release
       FROM (SELECT DISTINCT unnest($ids) AS id) LEFT JOIN best_of($ids, 'album') ON source = id
     )
     SELECT asked.id, names.text AS genre
     FROM asked
     LEFT JOIN catalogue AS said ON said.entity = asked.release
     LEFT JOIN best_of($ids, 'genre') AS own ON own.source = asked.id
     LEFT JOIN best_of((SELECT list(DISTINCT release) FROM asked), 'genre') AS ofRelease ON ofRelease.source = asked.release
     JOIN names ON names.id = coalesce(said.genre, own.target, ofRelease.target)`,
    { ids },
  )
  return new Map(rows.map(({ id, genre }) => [id, genre]))
}

/** Whom each of these belongs to; what nothing mentions is absent. Another id of an artist belongs to the artist. */
async function ownersOfEntities(reads: Snapshot, entities: readonly string[]): Promise<Map<string, number>> {
  const ids = reads.idsOf(entities)
  const owners = await ownersOf(reads, [...ids.values()])
  return new Map([...ids].map(([entity, id]) => [entity, owners.get(id)!]))
}

/**
 * An artist is known to the catalogue, where something was counted for it, or where it was named with a name or an album;
 * a track alone makes nobody known.
 */
async function isKnown(reads: Snapshot, artist: number): Promise<boolean> {
  const [answer] = await reads.rows<{ known: boolean }>(
    `SELECT EXISTS (FROM catalogue WHERE (kind = 'artist' AND entity = $artist) OR artist = $artist)
       OR EXISTS (FROM associations WHERE source = $artist)
       OR EXISTS (FROM associations JOIN names ON names.id = source WHERE target = $artist AND names.kind <> 'track')
       OR EXISTS (FROM facts WHERE key = $artist) AS known`,
    { artist },
  )
  return answer!.known
}
