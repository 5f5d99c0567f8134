/**
 * Whom attribution keys belong to (`docs/architecture.md`, 'Who an event belongs to'): as the catalogue says; else, of
 * what events name together, the pairing of most events, then the smaller id.
 *
 * The figures keep the answer for every key, so that a question joins it. It is made again for what an event or an answer
 * of the catalogue may have changed, and is in force with them.
 */
import type { Snapshot } from '../storage/figures.ts'
import { ownersOf } from './attribution.ts'

/** Keys resolved at a time. */
const PART = 20_000

/**
 * The owners of all keys that a change of `touched` (numbers of entities) can concern: themselves, of artists that go by
 * another id now what belongs to them, of names whose owner changes the albums bound by them. A key that belongs to
 * nobody else is its own owner.
 */
export function resolve(reads: Snapshot, touched: readonly number[]): Promise<Map<number, number>> {
  return inParts(touched, part => resolvePart(reads, part))
}

async function resolvePart(reads: Snapshot, touched: readonly number[]): Promise<Map<number, number>> {
  const keys = await withKinds(reads, touched)
  const ofArtists = await canonical(reads, new Map(keys.artist.map(artist => [artist, artist])))
  // Only of these, for an artist may own very much, and the catalogue says again and again what it said before.
  const moved = await changedAmong(reads, ofArtists)
  const owned = await withKinds(reads, await keysOf(reads, [...new Set(moved.values())]))
  const names = [...new Set([...keys.name, ...owned.name])]
  const ofNames = await canonical(reads, await inParts(names, part => ownersOfNames(reads, part)))
  const changed = await changedAmong(reads, ofNames)
  const albums = [...new Set([...keys.album, ...owned.album, ...(await albumsBoundBy(reads, [...changed.keys()]))])]
  const ofAlbums = await inParts(albums, part => ownersOfAlbums(reads, part, ofNames))
  return new Map([...ofArtists, ...ofNames, ...ofAlbums])
}

/** What `ask` finds of all keys, some of them at a time. */
async function inParts(
  keys: readonly number[],
  ask: (part: readonly number[]) => Promise<Map<number, number>>,
): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for (let i = 0; i < keys.length; i += PART) {
    for (const [key, owner] of await ask(keys.slice(i, i + PART))) found.set(key, owner)
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

/** The only artist of that name in the catalogue (none where several bear it), else the one named with it most. */
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
  /** What the catalogue says. */
  artist: number | null
  name: number | null
  /** What most events say. */
  namedArtist: number | null
  namedName: number | null
}

/** `ofNames`: the owners of names that have been resolved just now; those of all others are known. */
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
    ...(await canonical(reads, new Map(artists.map(artist => [artist, artist])))),
    ...(await ownersOf(reads, [...new Set(names)])),
    ...ofNames,
  ])
  return new Map(evidence.map(each => [each.album, ownerOfAlbum(each, owners)]))
}

/**
 * The artist whom the catalogue names; the artist of the name that it gives; the artist named most with the album; the
 * catalogue's name; the artist, or else the name itself, that is named most with it; nobody.
 */
function ownerOfAlbum(
  { album, artist, name, namedArtist, namedName }: AlbumEvidence,
  owners: ReadonlyMap<number, number>,
): number {
  const isBound = name !== null && owners.get(name) !== name
  const first = artist ?? (isBound ? name : null) ?? namedArtist ?? name ?? namedName
  return first === null ? album : owners.get(first)!
}

/** Owners by the id that an artist goes by. */
async function canonical(reads: Snapshot, owners: ReadonlyMap<number, number>): Promise<Map<number, number>> {
  if (owners.size === 0) return new Map()
  const rows = await reads.rows<{ entity: number; artist: number }>(
    `SELECT entity, artist FROM catalogue WHERE kind = 'alias' AND entity IN (SELECT unnest($owners))`,
    { owners: [...new Set(owners.values())] },
  )
  const aliases = new Map(rows.map(({ entity, artist }) => [entity, artist]))
  return new Map([...owners].map(([key, owner]) => [key, aliases.get(owner) ?? owner]))
}

/** Of keys whose owner is another one now, the owner before. */
async function changedAmong(reads: Snapshot, owners: ReadonlyMap<number, number>): Promise<Map<number, number>> {
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
