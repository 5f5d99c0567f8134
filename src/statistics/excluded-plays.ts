/** The plays that rankings leave out, so that neither one listener nor plays of nobody known can inflate them. */
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { runsOf } from './interval-lookup.ts'

/**
 * How many plays of one listener are eligible, of one unit and UTC day. A unit is the track that a play names, else its
 * album, else its attribution key. Plays of nobody known are eligible as often as those of known listeners of that unit and
 * day are, or up to this limit where those are fewer.
 */
export type ChartLimit = number

export type PlayedKind = 'tracks' | 'albums' | 'artists'

/** Plays of one entity that are counted and not eligible, by reason. */
export interface ExcludedPlays {
  /** The number of the entity. */
  id: number
  listenerLimit: number
  anonymousLimit: number
}

/** The plays of each kind. Of a play with several artists, tracks and albums count part 0 only. */
const PLAYS: Record<PlayedKind, { entity: string; rows: string }> = {
  tracks: { entity: 'track', rows: 'part = 0 AND track IS NOT NULL' },
  albums: { entity: 'album', rows: 'part = 0 AND album IS NOT NULL' },
  // Keys, whose owners are looked up once only few plays are left.
  artists: { entity: 'key', rows: 'true' },
}

/** One statement reads this much time at most, so that its groups fit into little memory. */
export const RUN_MS = 63 * DAY_MS

/**
 * What is excluded of each entity in each interval, some intervals at a time; entities of which nothing is are absent. Only plays in the interval
 * are looked at, also on days that its ends cut. Intervals ascend and do not overlap.
 */
export async function* excludedPlays(
  reads: Snapshot,
  kind: PlayedKind,
  limit: ChartLimit,
  intervals: readonly Interval[],
): AsyncGenerator<ExcludedPlays[][]> {
  for (const run of runsOf(intervals, RUN_MS)) {
    const found = new Map(run.map(({ from }) => [from, [] as ExcludedPlays[]]))
    const stretches = stretchesOf(run)
    const rows = await reads.rows<ExcludedPlays & { start: Instant }>(excludedSql(kind, stretches.length), {
      limit,
      from: run[0]!.from,
      until: run.at(-1)!.to,
      starts: JSON.stringify(run.map(({ from }) => from)),
      ...Object.fromEntries(
        stretches.flatMap(({ from, to }, i) => [
          [`from${i}`, from],
          [`to${i}`, to],
        ]),
      ),
    })
    for (const { start, ...excluded } of rows) found.get(start)!.push(excluded)
    yield [...found.values()]
  }
}

/** The times without gaps that the intervals cover. */
function stretchesOf(intervals: readonly Interval[]): Interval[] {
  const stretches: Interval[] = []
  for (const { from, to } of intervals) {
    const last = stretches.at(-1)
    if (last?.to === from) last.to = to
    else stretches.push({ from, to })
  }
  return stretches
}

/** The UTC day of an instant as a number that increases by one each day, also before 1970, where division rounds up. */
const DAY = `(instant + 100_000_000 * ${DAY_MS}::BIGINT) // ${DAY_MS}`

/**
 * Few days of a unit have anything to exclude, and to group all plays by listener takes four times as long as a ranking. So
 * the plays are first counted in buckets, by a hash of unit, day and listener: a bucket of at most `limit` plays contains no
 * listener with more. Only units and days with a play in a fuller bucket are looked at closely. There are so many buckets
 * that a third of the limit is in each on average.
 */
function excludedSql(kind: PlayedKind, stretches: number): string {
  const { entity, rows } = PLAYS[kind]
  const inStretches = Array.from({ length: stretches }, (_, i) => `instant >= $from${i} AND instant < $to${i}`)
  const owned = kind === 'artists'
  return `
WITH plays AS MATERIALIZED (
  SELECT ${entity} AS entity, coalesce(track, album, key) AS unit, ${DAY} AS day, listener, instant
  FROM facts
  WHERE measure = 'plays'::measure AND instant >= $from AND instant < $until AND ${rows}
    AND (${inStretches.join(' OR ')})
),
bucketed AS MATERIALIZED (
  SELECT unit, day, hash(unit, day, listener) % (SELECT 1 + 3 * count(*) // $limit FROM plays)::UBIGINT AS bucket FROM plays
),
suspect AS MATERIALIZED (
  SELECT DISTINCT unit, day FROM bucketed
  WHERE bucket IN (SELECT bucket FROM bucketed GROUP BY bucket HAVING count(*) > $limit)
),
close AS MATERIALIZED (
  SELECT ${owned ? 'coalesce(owner, entity)' : 'entity'} AS id, unit, day, listener, instant
  FROM plays JOIN suspect USING (unit, day) ${owned ? 'LEFT JOIN attribution ON attribution.key = entity' : ''}
),
by_listener AS (
  SELECT start, id, unit, day, listener, count(*) AS plays
  FROM close ASOF JOIN (SELECT unnest($starts::BIGINT[]) AS start) ON instant >= start
  GROUP BY ALL
),
by_unit AS (
  SELECT start, id,
    coalesce(sum(greatest(plays - $limit, 0)) FILTER (listener IS NOT NULL), 0) AS by_limit,
    coalesce(sum(least(plays, $limit)) FILTER (listener IS NOT NULL), 0) AS eligible,
    coalesce(max(plays) FILTER (listener IS NULL), 0) AS anonymous
  FROM by_listener GROUP BY start, id, unit, day
)
SELECT start, id, sum(by_limit)::BIGINT AS "listenerLimit",
  sum(greatest(anonymous - greatest($limit, eligible), 0))::BIGINT AS "anonymousLimit"
FROM by_unit
GROUP BY start, id
HAVING "listenerLimit" + "anonymousLimit" > 0`
}
