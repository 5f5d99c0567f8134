/**
 * Owners, spellings, albums and genres of entities, as one state of the figures has them. Entities are numbers here, and
 * each question is put for many of them at once. The rules for owners are in `resolver.ts`.
 */
import { artistRef, type EntityRef, nameRef } from '../identity/entity-ref.ts'
import { foldText } from '../identity/fold-text.ts'
import type { Snapshot } from '../storage/figures.ts'

/**
 * SQL for the attribution keys that belong to `$owner`, itself included: `WHERE key IN ${KEYS_OF_OWNER}`. The statement
 * looks them up, because an artist may have more keys than can be passed to it; as integers, because DuckDB skips the rows
 * of other keys only where the types are equal.
 */
export const KEYS_OF_OWNER =
  '(SELECT key FROM attribution WHERE owner = $owner::INTEGER UNION ALL SELECT $owner::INTEGER)'

/**
 * The owner whose figures a question for `artistId` gets: the artist with this id (in any form of it) or, where nothing
 * names such an artist, the name that is written so; undefined where nothing mentions either.
 */
export async function ownerAskedFor(reads: Snapshot, artistId: string): Promise<number | undefined> {
  const [owner] = await ownersAskedFor(reads, [artistId])
  return owner
}

/** As `ownerAskedFor`, for many questions at once. */
export async function ownersAskedFor(reads: Snapshot, artistIds: readonly string[]): Promise<(number | undefined)[]> {
  const asked = artistIds.map(artistId => ({ id: artistRef(artistId), name: nameRef(artistId) }))
  const owners = await ownersOfEntities(
    reads,
    asked.flatMap(({ id, name }) => [id, name]),
  )
  const found: (number | undefined)[] = []
  for (const { id, name } of asked) {
    const artist = owners.get(id)
    const named = owners.get(name)
    const isUnbound = named !== undefined && named === reads.idsOf([name]).get(name)
    // Few texts are an id and a name at once, so that this second query is rare.
    const isArtist = !isUnbound || (artist !== undefined && (await isKnown(reads, artist)))
    found.push(isArtist ? artist : named)
  }
  return found
}

/**
 * The owner that a text means, however it is spelled: an artist by any form of its id or by a name that belongs to it, else
 * an unbound name; undefined where nothing mentions either.
 */
export async function ownerMeantBy(reads: Snapshot, asked: string): Promise<number | undefined> {
  const artists = [asked, asked.trim(), foldText(asked)].map(artistRef)
  const name = nameRef(asked)
  const owners = await ownersOfEntities(reads, [...artists, name])
  for (const entity of artists) {
    const artist = owners.get(entity)
    if (artist !== undefined && (await isKnown(reads, artist))) return artist
  }
  return owners.get(name)
}

/** The owner of each key: the key itself where it belongs to no other. */
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

/**
 * How each entity is spelled: an artist, an album or a track as in the catalogue, else as in most events. Of the titles that a
 * track has in several albums, the first by code points. Those without a spelling are absent.
 */
export async function labelsOf(reads: Snapshot, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await reads.rows<{ id: number; label: string }>(
    `WITH said AS (
       SELECT entity AS id, CASE kind WHEN 'artist' THEN label END AS name, title FROM catalogue
       WHERE entity IN (SELECT unnest($ids))
       UNION ALL
       SELECT track, NULL, title FROM catalogue_tracks WHERE track IN (SELECT unnest($ids))
     ), catalogued AS (
       SELECT said.id, min(coalesce(name, text)) AS label FROM said LEFT JOIN names ON names.id = title GROUP BY said.id
     ), named AS (
       SELECT source AS id, text FROM best_of($ids, 'label') JOIN names ON names.id = target
     )
     SELECT id, coalesce(label, text) AS label FROM catalogued FULL JOIN named USING (id)
     WHERE coalesce(label, text) IS NOT NULL`,
    { ids },
  )
  return new Map(rows.map(({ id, label }) => [id, label]))
}

export interface TrackOrigin {
  /** null where none is known. */
  album: number | null
  /**
   * The album's owner where that is an artist or a name, else the artist or name that most of the track's own events name;
   * null where none is known.
   */
  owner: number | null
}

/** The album and the owner of each track. */
export async function trackOriginsOf(reads: Snapshot, tracks: readonly number[]): Promise<Map<number, TrackOrigin>> {
  if (tracks.length === 0) return new Map()
  // One pass for all three kinds: `best_of` for each of them would take twice as long.
  const rows = await reads.rows<TrackOrigin & { track: number }>(
    `WITH summed AS (
       SELECT source, kind, target, sum(events) AS events FROM associations
       WHERE source IN (SELECT unnest($tracks)) AND kind IN ('album'::entity_kind, 'artist'::entity_kind, 'name'::entity_kind)
       GROUP BY ALL
     ),
     most AS (
       SELECT source, summed.kind, target FROM summed JOIN names ON names.id = target
       QUALIFY row_number() OVER (PARTITION BY source, summed.kind ORDER BY events DESC, id_order(text), target) = 1
     ),
     named AS (
       SELECT source AS track, max(target) FILTER (kind = 'album') AS album, max(target) FILTER (kind = 'artist') AS artist,
         max(target) FILTER (kind = 'name') AS name
       FROM most GROUP BY source
     )
     SELECT asked.track, album, coalesce(of_album.owner, of_own.owner, artist, name) AS owner
     FROM (SELECT DISTINCT unnest($tracks) AS track) AS asked
     LEFT JOIN named USING (track)
     LEFT JOIN attribution AS of_album ON of_album.key = album
     LEFT JOIN attribution AS of_own ON of_own.key = coalesce(artist, name)`,
    { tracks },
  )
  return new Map(rows.map(({ track, album, owner }) => [track, { album, owner }]))
}

/**
 * The folded genre of each track, album and artist. Of a track: the catalogue's for its album, else that of most of its own
 * events, else that of most of its album's. Of an artist: the catalogue's, else that of most events that name the artist
 * without album and track. Entities without a genre are absent.
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

/** The owner of each entity; those that nothing mentions are absent. The other id of an artist belongs to the artist. */
async function ownersOfEntities(reads: Snapshot, entities: readonly EntityRef[]): Promise<Map<EntityRef, number>> {
  const ids = reads.idsOf(entities)
  const owners = await ownersOf(reads, [...ids.values()])
  return new Map([...ids].map(([entity, id]) => [entity, owners.get(id)!]))
}

/**
 * Whether anything says that this is an artist: a record of the catalogue, a fact, or an event that names it with a name or
 * an album. An event that names it with a track alone does not.
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
