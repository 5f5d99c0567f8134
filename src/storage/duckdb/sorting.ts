/**
 * Sorts the facts on disk. New facts are in `recent_facts`, in the order of the log. Sorting moves them into `sorted_facts`,
 * which consists of ranges of whole months. The rows of a range are ordered by key and instant, so that a question about one
 * key reads few row groups. A range has at most half a million rows, unless a single month has more: ten years with 4,000
 * facts a month are one range, and ten months with a million each are ten.
 *
 * A range is rewritten in one transaction, while questions and appends go on.
 */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { asFiguresFault, isInterruption } from './faults.ts'
import { NO_DICTIONARY, Reading } from './reading.ts'

export interface SortingLimits {
  /** The most rows of a range that is longer than a month. */
  rangeRows: number
  /** How many facts may be unsorted. */
  facts: Backlog
  /** How many rows of associations may be unmerged. */
  pairs: Backlog
}

/** The most rows of a backlog: `rows`, or `part` times the rows that are sorted, whichever is more. */
interface Backlog {
  rows: number
  part: number
}

/**
 * Each question reads the whole backlog. The smaller it is, the more often a row is rewritten: about 1 + 1 / part times
 * where old events are imported in no order.
 */
const LIMITS: SortingLimits = {
  rangeRows: 500_000,
  facts: { rows: 200_000, part: 0.05 },
  pairs: { rows: 100_000, part: 0.25 },
}

interface Part {
  start: number
  until: number
  /** Rows in `sorted_facts` and rows in `recent_facts`. */
  sorted: number
  waiting: number
}

type Commit = (run: () => Promise<void>) => Promise<void>

export class Sorting {
  #instance: DuckDBInstance
  #database: string
  #commit: Commit
  #limits: SortingLimits
  #connection: DuckDBConnection | undefined
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false

  /** `commit` runs a commit while nothing else reads or writes. */
  constructor(instance: DuckDBInstance, database: string, commit: Commit, limits: SortingLimits = LIMITS) {
    this.#instance = instance
    this.#database = database
    this.#commit = commit
    this.#limits = limits
  }

  /** Rewrites one range, or the associations, if that is due. Returns whether it was. */
  step(): Promise<boolean> {
    return this.paused(async () => {
      if (this.#isClosed) return false
      this.#connection ??= await this.#connect()
      const reading = new Reading(this.#connection, NO_DICTIONARY)
      try {
        return (
          (await sortFacts(reading, this.#limits, this.#commit)) ||
          (await mergeAssociations(reading, this.#limits, this.#commit))
        )
      } catch (error) {
        if (this.#isClosed && isInterruption(error)) return false
        throw error
      }
    })
  }

  /** Runs `work` while no range is rewritten. */
  paused<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#connection?.interrupt()
    await this.#last
    this.#connection?.closeSync()
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect()
    await connection.run(`USE ${this.#database}`)
    return connection
  }
}

async function sortFacts(reading: Reading, { facts, rangeRows }: SortingLimits, commit: Commit): Promise<boolean> {
  const [{ sorted, waiting }] = (await reading.rows<{ sorted: number; waiting: number }>(
    `SELECT coalesce((SELECT sum(rows) FROM ranges), 0)::BIGINT AS sorted, (SELECT count(*) FROM recent_facts) AS waiting`,
  )) as [{ sorted: number; waiting: number }]
  if (!areTooMany(waiting, sorted, facts)) return false
  const parts = await partsOf(reading)
  const most = parts.reduce((best, part) => (part.waiting > best.waiting ? part : best))
  await rewrite(reading, joined(parts, parts.indexOf(most), rangeRows), rangeRows, commit)
  return true
}

const areTooMany = (waiting: number, sorted: number, { rows, part }: Backlog): boolean =>
  waiting > Math.max(rows, sorted * part)

/** The ranges, and the months of unsorted rows that belong to no range. */
async function partsOf(reading: Reading): Promise<Part[]> {
  const ranges = await reading.rows<{ start: number; until: number; rows: number }>('FROM ranges ORDER BY start')
  const covered: Part[] = ranges.map(({ start, until, rows }) => ({ start, until, sorted: rows, waiting: 0 }))
  const others: Part[] = []
  for (const { start, until, rows } of await monthsOf(reading, 'recent_facts')) {
    const range = covered.find(part => start >= part.start && start < part.until)
    if (range) range.waiting += rows
    else others.push({ start, until, sorted: 0, waiting: rows })
  }
  return [...covered, ...others].sort((a, b) => a.start - b.start)
}

interface Month {
  start: number
  until: number
  rows: number
}

function monthsOf(reading: Reading, table: string, within?: Part): Promise<Month[]> {
  const where = within ? 'WHERE instant >= $start AND instant < $until' : ''
  return reading.rows<Month>(
    `SELECT epoch_ms(month) AS start, epoch_ms(month + INTERVAL 1 MONTH) AS until, rows
     FROM (SELECT date_trunc('month', make_timestamp_ms(instant)) AS month, count(*) AS rows FROM ${table} ${where} GROUP BY month)
     ORDER BY start`,
    within ? { start: within.start, until: within.until } : {},
  )
}

/** A part together with as many of its neighbours on both sides as fit into one range. */
function joined(parts: readonly Part[], at: number, rangeRows: number): Part {
  const whole = { ...parts[at]! }
  const fits = (part: Part | undefined): part is Part =>
    part !== undefined && whole.sorted + whole.waiting + part.sorted + part.waiting <= rangeRows
  const take = (part: Part) => {
    whole.start = Math.min(whole.start, part.start)
    whole.until = Math.max(whole.until, part.until)
    whole.sorted += part.sorted
    whole.waiting += part.waiting
  }
  for (let i = at - 1; fits(parts[i]); i--) take(parts[i]!)
  for (let i = at + 1; fits(parts[i]); i++) take(parts[i]!)
  return whole
}

async function rewrite(reading: Reading, part: Part, rangeRows: number, commit: Commit): Promise<void> {
  const within = { start: part.start, until: part.until }
  await inTransaction(reading, commit, async () => {
    await reading.rows('CREATE TEMP TABLE rewritten AS FROM facts WHERE instant >= $start AND instant < $until', within)
    for (const table of ['sorted_facts', 'recent_facts']) {
      await reading.rows(`DELETE FROM ${table} WHERE instant >= $start AND instant < $until`, within)
    }
    await reading.rows('DELETE FROM ranges WHERE start >= $start AND start < $until', within)
    for (const range of split(await monthsOf(reading, 'rewritten'), part, rangeRows)) {
      const { start, until, rows } = range
      await reading.rows(
        `INSERT INTO sorted_facts FROM rewritten WHERE instant >= $start AND instant < $until ORDER BY key, instant, seq`,
        { start, until },
      )
      await reading.rows('INSERT INTO ranges VALUES ($start, $until, $rows)', { start, until, rows })
    }
    await reading.rows('DROP TABLE rewritten')
  })
}

/** Divides months into ranges of at most `rangeRows` rows, or of one month. */
function split(months: readonly Month[], { start, until }: Part, rangeRows: number): Month[] {
  const ranges: Month[] = []
  for (const month of months) {
    const last = ranges.at(-1)
    if (last && last.rows + month.rows <= rangeRows) {
      last.rows += month.rows
      last.until = month.until
    } else {
      if (last) last.until = month.start
      ranges.push({ ...month })
    }
  }
  // The ranges cover the whole part without gaps.
  if (ranges[0]) ranges[0].start = start
  const last = ranges.at(-1)
  if (last) last.until = until
  return ranges
}

async function mergeAssociations(reading: Reading, { pairs }: SortingLimits, commit: Commit): Promise<boolean> {
  const [{ sorted, waiting }] = (await reading.rows<{ sorted: number; waiting: number }>(
    `SELECT (SELECT count(*) FROM sorted_associations) AS sorted, (SELECT count(*) FROM recent_associations) AS waiting`,
  )) as [{ sorted: number; waiting: number }]
  if (!areTooMany(waiting, sorted, pairs)) return false
  await inTransaction(reading, commit, async () => {
    await reading.rows(
      `CREATE TEMP TABLE merged AS
       SELECT source, kind, target, sum(events)::INTEGER AS events FROM associations GROUP BY ALL`,
    )
    await reading.rows('DELETE FROM sorted_associations')
    await reading.rows('DELETE FROM recent_associations')
    await reading.rows('INSERT INTO sorted_associations FROM merged ORDER BY source, kind, target')
    await reading.rows('DROP TABLE merged')
  })
  return true
}

async function inTransaction(reading: Reading, commit: Commit, work: () => Promise<void>): Promise<void> {
  const { connection } = reading
  try {
    await connection.run('BEGIN')
    await work()
    await commit(async () => {
      await connection.run('COMMIT')
    })
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {})
    throw asFiguresFault(error)
  }
}
