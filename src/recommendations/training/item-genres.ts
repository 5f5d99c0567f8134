/** Which genres items of a kind are of, and by how many events. */
import type { Snapshot } from '../../storage/figures.ts'
import type { ItemKind } from '../item-kind.ts'

export interface ItemGenre {
  /** Numbers of entities. */
  item: number
  genre: number
  /** How many events say so; 1 where the catalogue does. */
  events: number
}

/**
 * What is said of the genres of all entities in `sources (item, entity)`: what the catalogue says of one is all that counts,
 * as in `genresOf`; of the others, all that events say.
 */
const SAID_OF_SOURCES = `
  SELECT item, genre, sum(events)::DOUBLE AS events FROM (
    SELECT item, genre, 1 AS events FROM sources JOIN catalogue USING (entity) WHERE genre IS NOT NULL
    UNION ALL
    SELECT item, target AS genre, events FROM sources JOIN associations ON source = entity
    WHERE associations.kind = 'genre'::entity_kind
      AND entity NOT IN (SELECT entity FROM catalogue WHERE genre IS NOT NULL AND entity IN (SELECT entity FROM sources))
  )
  GROUP BY item, genre
  ORDER BY item, genre`

/**
 * Of an artist: of all that belongs to it, which is itself, its other ids and names, its albums, and the tracks that events
 * name with one of these and without an album.
 */
const OF_ARTISTS = `
  WITH keys AS MATERIALIZED (
    SELECT owner AS item, key AS entity FROM attribution WHERE owner IN (SELECT unnest($items))
    UNION ALL
    SELECT unnest($items), unnest($items)
  ),
  sources AS MATERIALIZED (
    FROM keys
    UNION ALL
    SELECT DISTINCT item, source FROM associations JOIN keys ON target = entity JOIN names ON names.id = source
    WHERE associations.kind IN ('artist'::entity_kind, 'name'::entity_kind) AND names.kind = 'track'::entity_kind
  )
  ${SAID_OF_SOURCES}`

const OF_ALBUMS = `WITH sources AS MATERIALIZED (SELECT unnest($items) AS item, unnest($items) AS entity) ${SAID_OF_SOURCES}`

/** Of a track: what the catalogue says of its album, else what the track's own events say, else what the album's do. */
const OF_TRACKS = `
  WITH asked AS MATERIALIZED (
    SELECT id AS item, target AS album,
      target IN (SELECT entity FROM catalogue WHERE genre IS NOT NULL) AS is_catalogued,
      id IN (SELECT source FROM associations WHERE kind = 'genre'::entity_kind) AS is_told
    FROM (SELECT unnest($items) AS id) LEFT JOIN best_of($items, 'album') ON source = id
  ),
  sources AS MATERIALIZED (
    SELECT item, CASE WHEN is_told AND is_catalogued IS NOT TRUE THEN item ELSE album END AS entity FROM asked
  )
  ${SAID_OF_SOURCES}`

const SQL: Record<ItemKind, string> = { artist: OF_ARTISTS, album: OF_ALBUMS, track: OF_TRACKS }

/** By item, then by genre; items of which nobody says a genre are absent. */
export function genresOfItems(reads: Snapshot, kind: ItemKind, items: readonly number[]): Promise<ItemGenre[]> {
  return reads.rows(SQL[kind], { items })
}
