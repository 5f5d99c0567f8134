/** Rankings of all artists by the eligible plays of ISO weeks in UTC. They are kept, and stay exact. */
import { ExactAnswers } from '../caching/exact-answers.ts'
import { compareIds, ENTITY_KINDS, idOf, kindOf } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { type ChartLimit, type ExcludedPlays, excludedPlays, RUN_MS } from './excluded-plays.ts'
import { runsOf } from './interval-lookup.ts'
import { ARTISTS } from './ranking.ts'

export const WEEK_MS = 7 * DAY_MS

/** The plays of all artists in a week: one entry an artist, in no order. */
interface WeekOfPlays {
  /** Numbers of artists. */
  artists: Int32Array
  plays: Int32Array
  eligible: Int32Array
  /** Milliseconds from the start of the week to the artist's latest play in it. */
  latest: Int32Array
}

/** An artist in the ranking of a week. */
export interface Placed {
  /** From 1. */
  position: number
  plays: number
  eligiblePlays: number
}

/** A year of 80,000 artists. */
const KEPT_BYTES = 64 * 2 ** 20
const BYTES_OF_WEEK = 1_000
const BYTES_OF_ENTRY = 16

export class WeeklyRankings {
  /** null: every counted play is eligible. */
  readonly #limit: ChartLimit | null
  readonly #kept = new ExactAnswers<WeekOfPlays>({
    maxBytes: KEPT_BYTES,
    bytesOf: ({ artists }) => BYTES_OF_WEEK + BYTES_OF_ENTRY * artists.length,
  })

  constructor(limit: ChartLimit | null) {
    this.#limit = limit
  }

  /**
   * The places of an artist in the rankings of these weeks, most eligible plays first; null where the artist has no play.
   * Ties: the latest counted play of the week first, then the smaller id.
   */
  async placesOf(reads: Snapshot, artist: number, weeks: readonly Interval[]): Promise<(Placed | null)[]> {
    const found = await this.#kept.get(reads, 'weeks', weeks, missing => playsOfWeeks(reads, missing, this.#limit))
    const rivals = found.map(week => rivalsOf(week, artist))
    const precedes = await orderOf(reads, artist, new Set(rivals.flatMap(each => each?.tied ?? [])))
    return rivals.map(each => each && placed(each, precedes))
  }
}

interface Rivals extends Omit<Placed, 'position'> {
  /** How many artists have more eligible plays, or as many and a later one. */
  better: number
  /** Those with as many and the latest at the same millisecond. */
  tied: number[]
}

/** A scan of all artists takes less time than sorting them once would. */
function rivalsOf({ artists, plays, eligible, latest }: WeekOfPlays, artist: number): Rivals | null {
  const own = artists.indexOf(artist)
  if (own < 0) return null
  const [ownEligible, ownLatest] = [eligible[own]!, latest[own]!]
  const rivals: Rivals = { better: 0, tied: [], plays: plays[own]!, eligiblePlays: ownEligible }
  for (let i = 0; i < artists.length; i++) {
    const lead = eligible[i]! - ownEligible || latest[i]! - ownLatest
    if (lead > 0) rivals.better++
    else if (lead === 0 && i !== own) rivals.tied.push(artists[i]!)
  }
  return rivals
}

function placed({ better, tied, plays, eligiblePlays }: Rivals, precedes: ReadonlySet<number>): Placed {
  return { position: better + tied.filter(id => precedes.has(id)).length + 1, plays, eligiblePlays }
}

/** Which of the tied artists have a smaller id than this one. */
async function orderOf(reads: Snapshot, artist: number, tied: ReadonlySet<number>): Promise<Set<number>> {
  if (tied.size === 0) return new Set()
  const entities = await reads.entitiesOf([artist, ...tied])
  const own = entities.get(artist)!
  const isSmaller = (id: number) => {
    const other = entities.get(id)!
    const byKind = ENTITY_KINDS.indexOf(kindOf(other)) - ENTITY_KINDS.indexOf(kindOf(own))
    return (compareIds(idOf(other), idOf(own)) || byKind) < 0
  }
  return new Set([...tied].filter(isSmaller))
}

/** Counts by attribution key first, of which there are few, and passes a week as one list: as rows it would take four times as long. */
const PLAYS_OF_WEEKS = `
WITH keyed AS (
  SELECT ((instant - $from) // ${WEEK_MS})::INTEGER AS week, key, count(*) AS plays, max(instant) AS latest
  FROM facts WHERE measure = 'plays'::measure AND instant >= $from AND instant < $until
  GROUP BY ALL
),
owned AS (
  SELECT week, coalesce(owner, key) AS artist, sum(plays)::INTEGER AS plays,
    max(latest - $from - week * ${WEEK_MS}::BIGINT)::INTEGER AS latest
  FROM keyed LEFT JOIN attribution USING (key)
  WHERE week IN (SELECT unnest($weeks::INTEGER[]))
  GROUP BY week, artist
)
SELECT week, flatten(list([artist, plays, latest])) AS entries
FROM owned WHERE artist IN (${ARTISTS})
GROUP BY week`

async function* playsOfWeeks(
  reads: Snapshot,
  weeks: readonly Interval[],
  limit: ChartLimit | null,
): AsyncGenerator<WeekOfPlays[]> {
  for (const run of runsOf(weeks, RUN_MS)) {
    const [first, last] = [run[0]!.from, run.at(-1)!.to]
    const rows = await reads.rows<{ week: number; entries: number[] }>(PLAYS_OF_WEEKS, {
      from: first,
      until: last,
      weeks: JSON.stringify(run.map(({ from }) => (from - first) / WEEK_MS)),
    })
    const entries = new Map(rows.map(row => [first + row.week * WEEK_MS, row.entries]))
    const excluded = limit === null ? [] : (await Array.fromAsync(excludedPlays(reads, 'artists', limit, run))).flat()
    yield run.map(({ from }, i) => weekOf(entries.get(from) ?? [], excluded[i] ?? []))
  }
}

/** `entries`: an artist, plays, and the latest of them, after each other. */
function weekOf(entries: readonly number[], excluded: readonly ExcludedPlays[]): WeekOfPlays {
  const column = (at: number) => Int32Array.from({ length: entries.length / 3 }, (_, i) => entries[3 * i + at]!)
  const [artists, plays, latest] = [column(0), column(1), column(2)]
  const eligible = plays.slice()
  for (const { id, listenerLimit, anonymousLimit } of excluded) {
    const at = artists.indexOf(id)
    // What belongs to no artist is not ranked.
    if (at >= 0) eligible[at]! -= listenerLimit + anonymousLimit
  }
  return { artists, plays, eligible, latest }
}
