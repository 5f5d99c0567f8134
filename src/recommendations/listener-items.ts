/** What one listener played, liked, followed and bought: tracks, albums and artists with net counts and a weight. */
import type { Measure, Snapshot } from '../storage/figures.ts'
import { ITEM_WEIGHT } from './item-weight.ts'

/** Net counts, none below zero. */
type Counts = { [measure in Measure]: number }

/** All ids are bare: `4`, not `artist:4`. */
export interface ListenerItem extends Counts {
  /** The entity's number in the figures. */
  entity: number
  type: 'track' | 'album' | 'artist'
  /** Of a track, its key; of an artist, its main id. */
  id: string
  /** The item's share in the listener's taste; above zero. */
  weight: number
  /** The album that a track is on, or the album itself; null where none is known. */
  album: string | null
  /** The artist that the item belongs to; null where none is known. */
  artist: string | null
}

/** Of a listener with more items, those of the greatest weight are taken. */
const MAX_ITEMS = 10_000

/**
 * The track, album or artist of each fact, with net counts. An event may give several credits: the first one (part 0) stands
 * for its track or album, and each counts for its own artist.
 */
const ITEMS = `
  WITH sums AS (
    SELECT coalesce(track, album, owner, facts.key) AS entity,
      greatest(sum(counts) FILTER (measure = 'plays'::measure), 0)::BIGINT AS plays,
      greatest(sum(counts) FILTER (measure = 'likes'::measure), 0)::BIGINT AS likes,
      greatest(sum(counts) FILTER (measure = 'follows'::measure), 0)::BIGINT AS follows,
      greatest(sum(counts) FILTER (measure = 'purchases'::measure), 0)::BIGINT AS purchases
    FROM facts LEFT JOIN attribution ON attribution.key = facts.key
    WHERE listener = $listener AND (part = 0 OR coalesce(track, album) IS NULL)
    GROUP BY ALL
  ),
  named AS (
    SELECT entity, kind, text, plays, likes, follows, purchases, ${ITEM_WEIGHT} AS weight
    FROM sums JOIN names ON id = entity
    WHERE kind IN ('track'::entity_kind, 'album'::entity_kind, 'artist'::entity_kind)
  )
  FROM named WHERE weight > 0
  ORDER BY weight DESC, id_order(text), kind
  LIMIT ${MAX_ITEMS}`

/** Albums and owners by the rules of `ownersOf` and `trackOriginsOf`. */
const WITH_OWNERS = `
  WITH items AS MATERIALIZED (${ITEMS}),
  tracks AS (SELECT list(entity) AS ids FROM items WHERE kind = 'track'::entity_kind),
  released AS (
    SELECT items.*, coalesce(target, CASE kind WHEN 'album' THEN entity END) AS release
    FROM items LEFT JOIN best_of((SELECT ids FROM tracks), 'album') ON source = entity
  ),
  owned AS (
    SELECT released.*,
      coalesce(of_release.owner, of_own.owner, of_artists.target, of_names.target, CASE kind WHEN 'artist' THEN entity END) AS owner
    FROM released
    LEFT JOIN attribution AS of_release ON of_release.key = release
    LEFT JOIN best_of((SELECT ids FROM tracks), 'artist') AS of_artists ON of_artists.source = entity
    LEFT JOIN best_of((SELECT ids FROM tracks), 'name') AS of_names ON of_names.source = entity
    LEFT JOIN attribution AS of_own ON of_own.key = coalesce(of_artists.target, of_names.target)
  )
  SELECT entity, owned.kind AS type, owned.text AS id, plays, likes, follows, purchases, weight,
    album.text AS album, artist.text AS artist
  FROM owned
  LEFT JOIN names AS album ON album.id = release
  LEFT JOIN names AS artist ON artist.id = owner AND artist.kind = 'artist'::entity_kind
  ORDER BY weight DESC, id_order(owned.text), owned.kind`

/**
 * The listener's items, of the greatest weight first, ties by id; at most 10,000. An item whose events were all undone is left
 * out, and so are events without an entity, and names that belong to no artist.
 */
export async function listenerItems(reads: Snapshot, userId: string): Promise<ListenerItem[]> {
  const listener = reads.listenerIdOf(userId)
  return listener === undefined ? [] : reads.rows(WITH_OWNERS, { listener })
}
