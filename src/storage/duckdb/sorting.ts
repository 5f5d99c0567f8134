/**
 * The order of facts on disk. What has arrived lies in `recent_facts` as it came; here it moves into `sorted_facts`, in
 * ranges of whole months whose rows lie by key and instant: so the rows of one key are in few groups, and those of a
 * month are in one range. A range has about half a million rows, or one month: ten quiet years are as few ranges as ten
 * busy months.
 *
 * A range is rewritten in one transaction, beside questions and appends; killed in the middle of it, nothing has happened.
 */
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { asFiguresFault, isInterruption } from './faults.ts'
import { NO_DICTIONARY, Reading } from './reading.ts'

export interface SortingLimits {
  /** Rows of a range, where it is longer than a month. */
  rangeRows: number
  /** Facts that may wait to be sorted. */
  facts: Waiting
  /** Rows of associations that may wait to be added up. */
  pairs: Waiting
}

/** So many rows may wait, or this part of those that do not. */
interface Waiting {
  rows: number
  part: number
}

/**
 * A row is rewritten some (1 + 1 / part) times in a shuffled back-fill, and a question looks through all that waits.
 */
const LIMITS: SortingLimits = {
  rangeRows: 500_000,
  facts: { rows: 200_000, part: 0.05 },
  pairs: { rows: 100_000, part: 0.25 },
}

interface Part {
  start: number
  until: number
  /** Rows that are sorted, and rows that wait. */
  sorted: number
  waiting: number
}

export class Sorting {
  #instance: DuckDBInstance
  #database: string
  #limits: SortingLimits
  #connection: DuckDBConnection | undefined
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(instance: DuckDBInstance, database: string, limits: SortingLimits = LIMITS) {
    this.#instance = instance
    this.#database = database
    this.#limits = limits
  }

  /** Rewrites one range, or the associations, where that is due; says whether it was. */
  step(): Promise<boolean> {
    return this.paused(async () => {
      if (this.#isClosed) return false
      this.#connection ??= await this.#connect()
      const reading = new Reading(this.#connection, NO_DICTIONARY)
      try {
        return (await sortFacts(reading, this.#limits)) || (await mergeAssociations(reading, this.#limits))
      } catch (error) {
        if (this.#isClosed && isInterruption(error)) return false
        throw error
      }
    })
  }

  /** Runs `work` while nothing is rewritten. */
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

async function sortFacts(reading: Reading, { facts, rangeRows }: SortingLimits): Promise<boolean> {
  const [{ sorted, waiting }] = (await reading.rows<{ sorted: number; waiting: number }>(
    `SELECT coalesce((SELECT sum(rows) FROM ranges), 0)::BIGINT AS sorted, (SELECT count(*) FROM recent_facts) AS waiting`,
  )) as [{ sorted: number; waiting: number }]
  if (!areTooMany(waiting, sorted, facts)) return false
  const parts = await partsOf(reading)
  const most = parts.reduce((best, part) => (part.waiting > best.waiting ? part : best))
  await rewrite(reading, joined(parts, parts.indexOf(most), rangeRows), rangeRows)
  return true
}

const areTooMany = (waiting: number, sorted: number, { rows, part }: Waiting): boolean =>
  waiting > Math.max(rows, sorted * part)

/** Where rows wait: the ranges that there are, and months without one, several together while they are few rows. */
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

/** A part with its neighbours on both sides, as long as all of them together are no more than one range. */
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

async function rewrite(reading: Reading, part: Part, rangeRows: number): Promise<void> {
  const within = { start: part.start, until: part.until }
  await inTransaction(reading, async () => {
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

/** Ranges of whole months, as long as they are no more than one range should be. */
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
  // Together they are the whole part, without holes.
  if (ranges[0]) ranges[0].start = start
  const last = ranges.at(-1)
  if (last) last.until = until
  return ranges
}

async function mergeAssociations(reading: Reading, { pairs }: SortingLimits): Promise<boolean> {
  const [{ sorted, waiting }] = (await reading.rows<{ sorted: number; waiting: number }>(
    `SELECT (SELECT count(*) FROM sorted_associations) AS sorted, (SELECT count(*) FROM recent_associations) AS waiting`,
  )) as [{ sorted: number; waiting: number }]
  if (!areTooMany(waiting, sorted, pairs)) return false
  await inTransaction(reading, async () => {
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

async function inTransaction(reading: Reading, work: () => Promise<void>): Promise<void> {
  const { connection } = reading
  try {
    await connection.run('BEGIN')
    await work()
    await connection.run('COMMIT')
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {})
    throw asFiguresFault(error)
  }
}
