/** What one listener did with the items of a kind, up to this moment. */
import { type TrackOrigin, trackOriginsOf } from '../attribution/attribution.ts'
import { idOf, kindOf } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import { ITEM_FACTS } from './item-facts.ts'
import type { ItemKind } from './item-kind.ts'
import { ITEM_WEIGHT } from './item-weight.ts'

export interface HistoryEntry {
  /** The bare id: `4`, not `artist:4`. */
  id: string
  /** Above 0. */
  weight: number
  /** Whether it was liked, followed, bought, or played more than `PLAYS_KNOWN` times. */
  isHad: boolean
}

export interface ListenerHistory {
  /** Of the greatest weight first, ties by id; at most 10,000. What was undone as a whole is left out. */
  entries: HistoryEntry[]
  /**
   * What the listener has besides: of albums and artists, those of tracks whose own events do not say whose they are; of tracks, the
   * albums that were bought, which are ids of albums.
   */
  elsewhere: string[]
}

/** What was played more often needs no recommendation. */
export const PLAYS_KNOWN = 3
const MAX_ENTRIES = 10_000
/** How many tracks are looked up whose events do not say whose they are. */
const MAX_LOOKED_UP = 1_000

const TRACKS_OF_NO_ITEM = `
  SELECT DISTINCT track AS entity FROM (
    SELECT track FROM mine WHERE track IS NOT NULL AND (item IS NULL OR item NOT IN (SELECT item FROM items))
    GROUP BY track, measure HAVING sum(counts) > 0
  ) LIMIT ${MAX_LOOKED_UP}`

const BOUGHT_ALBUMS = `
  SELECT album AS entity FROM mine WHERE measure = 'purchases'::measure AND album IS NOT NULL
  GROUP BY album HAVING sum(counts) > 0`

/** The facts are read once, since that is what takes time. */
const historyOf = (kind: ItemKind) => `
  WITH mine AS MATERIALIZED (
    SELECT item, track, album, measure, counts FROM (${ITEM_FACTS[kind]}) WHERE listener = $listener::INTEGER
  ),
  sums AS (
    SELECT item,
      greatest(sum(counts) FILTER (measure = 'plays'::measure), 0)::BIGINT AS plays,
      greatest(sum(counts) FILTER (measure = 'likes'::measure), 0)::BIGINT AS likes,
      greatest(sum(counts) FILTER (measure = 'follows'::measure), 0)::BIGINT AS follows,
      greatest(sum(counts) FILTER (measure = 'purchases'::measure), 0)::BIGINT AS purchases
    FROM mine GROUP BY item
  ),
  items AS MATERIALIZED (
    SELECT item, text, ${ITEM_WEIGHT} AS weight, likes + follows + purchases > 0 OR plays > ${PLAYS_KNOWN} AS is_had
    FROM sums JOIN names ON names.id = item WHERE kind = '${kind}'::entity_kind
  ),
  entries AS (FROM items WHERE weight > 0 ORDER BY weight DESC, id_order(text) LIMIT ${MAX_ENTRIES}),
  elsewhere AS (${kind === 'track' ? BOUGHT_ALBUMS : TRACKS_OF_NO_ITEM}),
  found AS (
    SELECT item AS entity, text AS id, weight, is_had AS "isHad" FROM entries
    UNION ALL SELECT entity, NULL, NULL, NULL FROM elsewhere
  )
  FROM found ORDER BY weight DESC, id_order(id)`

/** A row with an id is an entry; the others are `elsewhere`. */
interface HistoryRow {
  entity: number
  id: string | null
  weight: number
  isHad: boolean
}

/** Empty for a listener without counted events. */
export async function listenerHistory(reads: Snapshot, kind: ItemKind, userId: string): Promise<ListenerHistory> {
  const listener = reads.listenerIdOf(userId)
  if (listener === undefined) return { entries: [], elsewhere: [] }
  const rows = await reads.rows<HistoryRow>(historyOf(kind), { listener })
  const entries = rows.flatMap(({ id, weight, isHad }) => (id === null ? [] : [{ id, weight, isHad }]))
  const others = rows.filter(({ id }) => id === null).map(({ entity }) => entity)
  return { entries, elsewhere: await idsElsewhere(reads, kind, others) }
}

async function idsElsewhere(reads: Snapshot, kind: ItemKind, entities: readonly number[]): Promise<string[]> {
  if (entities.length === 0) return []
  const wanted = kind === 'artist' ? 'artist' : 'album'
  const found = kind === 'track' ? entities : await originsOf(reads, kind, entities)
  const refs = await reads.entitiesOf(found)
  return [...refs.values()].filter(ref => kindOf(ref) === wanted).map(idOf)
}

async function originsOf(reads: Snapshot, kind: 'artist' | 'album', tracks: readonly number[]): Promise<number[]> {
  const origins = await trackOriginsOf(reads, tracks)
  const originOf = ({ album, owner }: TrackOrigin) => (kind === 'artist' ? owner : album)
  return [...origins.values()].map(originOf).filter(entity => entity !== null)
}
