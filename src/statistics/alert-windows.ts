/** Plays, likes and follows in the window of an alert: of one artist, and of all artists that reach a threshold. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import { compareIds } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { ofOwner, rangeTotals } from './kpi-totals.ts'

/** Artists in one answer. A threshold that more of them reach is too low to be of use. */
const MAX_BREACHES = 10_000

/** Numbers of events, net of those taken back, never below zero. */
export interface AlertCounts {
  plays: number
  likes: number
  follows: number
}

export interface AlertRule {
  /** Length of the window in milliseconds. */
  windowMs: number
  thresholds: AlertCounts
}

/** An artist at least one of whose counts has reached its threshold. */
export interface Breach {
  artistId: string
  counts: AlertCounts
}

/** The counts of an artist in the window that ends with `now`: later than `now - windowMs`, up to and including `now`. */
export async function alertCounts(
  reads: Snapshot,
  artistId: string,
  windowMs: number,
  now: Instant,
): Promise<AlertCounts> {
  const owner = await ownerAskedFor(reads, artistId)
  const { counts } = await rangeTotals(reads, owner === undefined ? undefined : ofOwner(owner), windowOf(windowMs, now))
  const shown = (count: number) => Math.max(0, count)
  return { plays: shown(counts.plays), likes: shown(counts.likes), follows: shown(counts.follows) }
}

/**
 * The artists that reach a threshold in the window that ends with `now`, in the order of their ids, with their counts in
 * it. Artists in `except`, and those without an event in the window, are left out, even where a threshold is 0. Of more
 * than 10,000 artists, those with the most plays, likes and follows together are given.
 */
export async function breachingArtists(
  reads: Snapshot,
  { windowMs, thresholds }: AlertRule,
  now: Instant,
  except: ReadonlySet<string>,
): Promise<Breach[]> {
  const { from, to } = windowOf(windowMs, now)
  const rows = await reads.rows<{ artistId: string } & AlertCounts>(
    `WITH by_key AS (
       SELECT key, measure, sum(counts) AS counts FROM facts
       WHERE instant >= $from AND instant < $to AND measure <> 'purchases'::measure
       GROUP BY ALL
     ),
     by_owner AS (
       SELECT coalesce(owner, key) AS id,
         greatest(0, sum(counts) FILTER (WHERE measure = 'plays'))::BIGINT AS plays,
         greatest(0, sum(counts) FILTER (WHERE measure = 'likes'))::BIGINT AS likes,
         greatest(0, sum(counts) FILTER (WHERE measure = 'follows'))::BIGINT AS follows
       FROM by_key LEFT JOIN attribution USING (key)
       GROUP BY 1
       HAVING plays >= $plays OR likes >= $likes OR follows >= $follows
     )
     SELECT text AS "artistId", plays, likes, follows
     FROM by_owner JOIN names USING (id)
     WHERE kind = 'artist' AND text NOT IN (SELECT unnest($except::VARCHAR[]))
     ORDER BY plays + likes + follows DESC, id
     LIMIT ${MAX_BREACHES}`,
    { ...thresholds, from, to, except: [...except] },
  )
  return rows
    .map(({ artistId, ...counts }) => ({ artistId, counts }))
    .sort((a, b) => compareIds(a.artistId, b.artistId))
}

const windowOf = (windowMs: number, now: Instant): Interval => ({ from: now - windowMs + 1, to: now + 1 })
