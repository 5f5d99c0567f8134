/**
 * Finds the owners of attribution keys (`docs/architecture.md`, 'Who an event belongs to'): the one that the catalogue
 * names; else the one that most events name together with the key, and of several the smaller id.
 *
 * The figures keep the owner of every key, so that questions join it. With each batch of events or records, in the same
 * transaction, owners are resolved again for the keys that the batch may have changed.
 */
import type { Snapshot } from '../storage/figures.ts'
import { ownersOf } from './attribution.ts'

/** Keys that are resolved with one statement. */
const PART_SIZE = 20_000

/**
 * The owners of all keys that a change of `touched` (numbers of entities) can concern: `touched` themselves; what belongs to
 * an artist among them that goes by another id now; and the albums that are bound by a name whose owner changes. A key
 * without another owner is its own.
 */
export function resolve(reads: Snapshot, touched: readonly number[]): Promise<Map<number, number>> {
  return inParts(touched, part => resolvePart(reads, part))
}

async function resolvePart(reads: Snapshot, touched: readonly number[]): Promise<Map<number, number>> {
  const keys = await withKinds(reads, touched)
  const ofArtists = await withCanonicalIds(reads, new Map(keys.artist.map(artist => [artist, artist])))
  // Only of artists whose id changes: an artist may own very much, and most records of the catalogue change nothing.
  const moved = await formerOwners(reads, ofArtists)
  const owned = await withKinds(reads, await keysOf(reads, [...new Set(moved.values())]))
  const names = [...new Set([...keys.name, ...owned.name])]
  const ofNames = await withCanonicalIds(reads, await inParts(names, part => ownersOfNames(reads, part)))
  const changed = await formerOwners(reads, ofNames)
  const albums = [...new Set([...keys.album, ...owned.album, ...(await albumsBoundBy(reads, [...changed.keys()]))])]
  const ofAlbums = await inParts(albums, part => ownersOfAlbums(reads, part, ofNames))
  return new Map([...ofArtists, ...ofNames, ...ofAlbums])
}

/** The answers of `ask` for all keys, which are passed to it in parts. */
async function inParts(
  keys: readonly number[],
  ask: (part: readonly number[]) => Promise<Map<number, number>>,
): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for (let i = 0; i < keys.length; i += PART_SIZE) {
    for (const [key, owner] of await ask(keys.slice(i, i + PART_SIZE))) found.set(key, owner)
  }
  return found
}

type Kinds = Record<'artist' | 'album' | 'name', number[]>

async function withKinds(reads: Snapshot, ids: readonly number[]): Promise<Kinds> {
  const kinds: Kinds = { artist: [], album: [], name: [] }
  if (ids.length === 0) return kinds
  const rows = await reads.rows<{ id: number; kind: keyof Kinds }>(
    `SELECT id, kind FROM names WHERE id IN (SELECT unnest($ids)) AND kind IN ('artist', 'album', 'name')`,
    { ids },
  )
  for (const { id, kind } of rows) kinds[kind].push(id)
  return kinds
}

async function keysOf(reads: Snapshot, owners: readonly number[]): Promise<number[]> {
  if (owners.length === 0) return []
  const rows = await reads.rows<{ key: number }>(
    'SELECT key FROM attribution WHERE owner IN (SELECT unnest($owners))',
    { owners },
  )
  return rows.map(({ key }) => key)
}

/** The only artist of that name in the catalogue (none where several bear it), else the one that most events name with it. */
async function ownersOfNames(reads: Snapshot, names: readonly number[]): Promise<Map<number, number>> {
  const rows = await reads.rows<{ name: number; owner: number }>(
    `WITH asked AS (SELECT unnest($names) AS name),
     borne AS (
       SELECT name, count(*) AS bearers, min(entity) AS bearer FROM catalogue
       WHERE kind = 'artist' AND name IN (SELECT name FROM asked)
       GROUP BY name
     )
     SELECT asked.name, CASE WHEN bearers > 1 THEN asked.name ELSE coalesce(bearer, target, asked.name) END AS owner
     FROM asked LEFT JOIN borne USING (name) LEFT JOIN best_of($names, 'artist') ON source = asked.name`,
    { names },
  )
  return new Map(rows.map(({ name, owner }) => [name, owner]))
}

interface AlbumEvidence {
  album: number
  /** In the catalogue. */
  artist: number | null
  name: number | null
  /** In most events. */
  namedArtist: number | null
  namedName: number | null
}

/** @param ofNames the new owners of names; the figures have those of all others. */
async function ownersOfAlbums(
  reads: Snapshot,
  albums: readonly number[],
  ofNames: ReadonlyMap<number, number>,
): Promise<Map<number, number>> {
  const evidence = await reads.rows<AlbumEvidence>(
    `SELECT album, artist, name, of_artists.target AS namedArtist, of_names.target AS namedName
     FROM (SELECT unnest($albums) AS album)
     LEFT JOIN (FROM catalogue WHERE kind = 'album') ON entity = album
     LEFT JOIN best_of($albums, 'artist') AS of_artists ON of_artists.source = album
     LEFT JOIN best_of($albums, 'name') AS of_names ON of_names.source = album`,
    { albums },
  )
  const artists = evidence.flatMap(({ artist, namedArtist }) => [artist, namedArtist]).filter(id => id !== null)
  const names = evidence.flatMap(({ name, namedName }) => [name, namedName]).filter(id => id !== null)
  const owners = new Map([
    ...(await withCanonicalIds(reads, new Map(artists.map(artist => [artist, artist])))),
    ...(await ownersOf(reads, [...new Set(names)])),
    ...ofNames,
  ])
  return new Map(evidence.map(each => [each.album, ownerOfAlbum(each, owners)]))
}

/**
 * The first of: the catalogue's artist; the artist whose name the catalogue gives; the artist that most events name; the
 * catalogue's name, though it is bound to no artist; the name that most events name, or its artist; the album itself.
 */
function ownerOfAlbum(
  { album, artist, name, namedArtist, namedName }: AlbumEvidence,
  owners: ReadonlyMap<number, number>,
): number {
  const isBound = name !== null && owners.get(name) !== name
  const first = artist ?? (isBound ? name : null) ?? namedArtist ?? name ?? namedName
  return first === null ? album : owners.get(first)!
}

/** Replaces owners that are another id of an artist by the id that the artist goes by. */
async function withCanonicalIds(reads: Snapshot, owners: ReadonlyMap<number, number>): Promise<Map<number, number>> {
  if (owners.size === 0) return new Map()
  const rows = await reads.rows<{ entity: number; artist: number }>(
    `SELECT entity, artist FROM catalogue WHERE kind = 'alias' AND entity IN (SELECT unnest($owners))`,
    { owners: [...new Set(owners.values())] },
  )
  const aliases = new Map(rows.map(({ entity, artist }) => [entity, artist]))
  return new Map([...owners].map(([key, owner]) => [key, aliases.get(owner) ?? owner]))
}

/** The present owners of the keys that get another owner with `owners`. */
async function formerOwners(reads: Snapshot, owners: ReadonlyMap<number, number>): Promise<Map<number, number>> {
  const before = await ownersOf(reads, [...owners.keys()])
  return new Map([...before].filter(([key, owner]) => owner !== owners.get(key)))
}

async function albumsBoundBy(reads: Snapshot, names: readonly number[]): Promise<number[]> {
  if (names.length === 0) return []
  const rows = await reads.rows<{ album: number }>(
    `SELECT source AS album FROM associations JOIN names ON names.id = source
     WHERE associations.kind = 'name'::entity_kind AND names.kind = 'album'::entity_kind AND target IN (SELECT unnest($names))
     UNION
     SELECT entity FROM catalogue WHERE kind = 'album' AND name IN (SELECT unnest($names))`,
    { names },
  )
  return rows.map(({ album }) => album)
}
