/**
 * Comparing two figures at rest, row by row. Their dictionaries give one text different numbers, so each number of the live
 * figures is replaced by that of the recomputed ones for the same text; what only the live ones have is `-number`.
 */
import { INTEGER, VARCHAR } from '@duckdb/node-api'
import { Dictionary, type Numbered } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'
import type { AtRest, Contents } from './at-rest.ts'
import { dictionaryFile } from './figures-file.ts'
import { LISTENER } from './names.ts'
import type { Reading } from './reading.ts'

/** A row that the live and the recomputed figures do not have equally often. */
export interface Difference {
  table: string
  /** With texts in the place of numbers. */
  row: Record<string, unknown>
  live: number
  recomputed: number
}

export interface Differences {
  count: number
  first: Difference[]
}

interface Table {
  name: string
  /** The rows of the figures that are attached under a name. */
  rows: (figures: string) => string
  columns: readonly string[]
  /** Columns with numbers of the dictionary. */
  entities: readonly string[]
}

const FACTS: Table = {
  name: 'facts',
  rows: figures => `(FROM ${figures}.facts WHERE seq > $from AND seq <= $upTo)`,
  columns: ['seq', 'instant', 'measure', 'counts', 'part', 'amount', 'currency'],
  entities: ['key', 'track', 'album', 'listener'],
}

const OTHERS: readonly Table[] = [
  {
    name: 'associations',
    rows: figures =>
      `(SELECT source, kind, target, sum(events)::BIGINT AS events FROM ${figures}.associations GROUP BY ALL)`,
    columns: ['kind', 'events'],
    entities: ['source', 'target'],
  },
  { name: 'attribution', rows: figures => `${figures}.attribution`, columns: [], entities: ['key', 'owner'] },
  {
    name: 'catalogue',
    rows: figures => `${figures}.catalogue`,
    columns: ['kind', 'label', 'asked_at'],
    entities: ['entity', 'artist', 'name', 'genre'],
  },
]

/** Entries of the log whose facts are compared at a time, which bounds the memory. */
const PART = 250_000
const STRINGS = 20_000

/** Figures that are attached, and the folder that their dictionary is in. */
export interface Compared {
  name: string
  folder: string
  contents: Contents
}

/** Compares all tables; `shown`: differences that are given one by one, beside their number. */
export async function compare(
  { connection, reading }: AtRest,
  live: Compared,
  recomputed: Compared,
  shown: number,
): Promise<Differences> {
  for (const { name, folder } of [live, recomputed]) {
    const table = `${name}_strings`
    await connection.run(`CREATE TABLE ${table} (id INTEGER, text VARCHAR)`)
    for (const strings of inPages(folder)) {
      await appendRows(connection, table, [
        { type: INTEGER, values: strings.map(({ id }) => id) },
        { type: VARCHAR, values: strings.map(({ text }) => text) },
      ])
    }
  }
  const comparison = new Comparison(reading, live.name, recomputed.name, shown)
  await comparison.compareNames(live.contents.namesUpTo)
  await comparison.joinStrings()
  const { seq } = live.contents.checkpoint
  // Also what lies before the first part and behind the last one, where nothing should be.
  for (let from = 0; from === 0 || from < seq; from += PART) {
    await comparison.compareTable(FACTS, {
      from: from === 0 ? Number.MIN_SAFE_INTEGER : from,
      upTo: from + PART >= seq ? Number.MAX_SAFE_INTEGER : from + PART,
    })
  }
  for (const table of OTHERS) await comparison.compareTable(table)
  return comparison.found
}

function* inPages(folder: string): Generator<Numbered[]> {
  const dictionary = Dictionary.openForReading(dictionaryFile(folder))
  try {
    const strings = dictionary.all()
    for (let page = strings.take(STRINGS).toArray(); page.length > 0; page = strings.take(STRINGS).toArray()) yield page
  } finally {
    dictionary.close()
  }
}

class Comparison {
  readonly found: Differences = { count: 0, first: [] }
  readonly #reading: Reading
  readonly #live: string
  readonly #recomputed: string
  readonly #shown: number

  constructor(reading: Reading, live: string, recomputed: string, shown: number) {
    this.#reading = reading
    this.#live = live
    this.#recomputed = recomputed
    this.#shown = shown
  }

  /** The names of the live figures must be what their dictionary says, and each number must be that of one text. */
  async compareNames(upTo: number): Promise<void> {
    await this.#reading.rows(
      `CREATE TABLE differing AS
       SELECT id, entity, sum(live)::BIGINT AS live, sum(recomputed)::BIGINT AS recomputed
       FROM (
         SELECT id, CASE kind WHEN 'none' THEN 'none' ELSE kind || ':' || text END AS entity, 1 AS live, 0 AS recomputed
         FROM ${this.#live}.names
         UNION ALL
         SELECT id, text, 0, 1 FROM ${this.#live}_strings WHERE id <= $upTo AND NOT starts_with(text, '${LISTENER}')
       )
       GROUP BY ALL HAVING sum(live) <> sum(recomputed)`,
      { upTo },
    )
    await this.#take('names', 'SELECT id, entity, live, recomputed FROM differing ORDER BY ALL LIMIT $shown')
    await this.#reading.rows(
      `CREATE TABLE differing AS
       SELECT id, string_agg(text, ', ') AS texts, count(*) AS live, 1 AS recomputed
       FROM ${this.#live}_strings GROUP BY id HAVING count(*) > 1`,
    )
    await this.#take('strings', 'SELECT id, texts, live, recomputed FROM differing ORDER BY ALL LIMIT $shown')
  }

  /** `strings`: of each text the number that it is compared by, and that of the live figures. */
  async joinStrings(): Promise<void> {
    await this.#reading.rows(
      `CREATE TABLE strings AS
       SELECT live.id AS live, coalesce(recomputed.id, -live.id) AS number, text
       FROM ${this.#live}_strings AS live FULL JOIN ${this.#recomputed}_strings AS recomputed USING (text)`,
    )
    for (const name of [this.#live, this.#recomputed]) await this.#reading.rows(`DROP TABLE ${name}_strings`)
  }

  async compareTable({ name, rows, columns, entities }: Table, part: { from?: number; upTo?: number } = {}) {
    const own = columns.map(column => `${column},`).join(' ')
    const joins = entities.map(entity => `LEFT JOIN strings AS of_${entity} ON of_${entity}.live = ${entity}`)
    await this.#reading.rows(
      `CREATE TABLE differing AS
       SELECT ${own} ${entities}, sum(live)::BIGINT AS live, sum(recomputed)::BIGINT AS recomputed
       FROM (
         SELECT ${own} ${entities.map(entity => `coalesce(of_${entity}.number, -${entity}) AS ${entity},`).join(' ')}
           1 AS live, 0 AS recomputed
         FROM ${rows(this.#live)} ${joins.join(' ')}
         UNION ALL
         SELECT ${own} ${entities}, 0, 1 FROM ${rows(this.#recomputed)}
       )
       GROUP BY ALL HAVING sum(live) <> sum(recomputed)`,
      part,
    )
    const texts = entities.map(
      entity => `(SELECT any_value(text) FROM strings WHERE number = ${entity}) AS ${entity}_text`,
    )
    await this.#take(
      name,
      `SELECT ${own} ${entities.map(entity => `coalesce(${entity}_text, ${entity}::VARCHAR) AS ${entity},`).join(' ')}
         live, recomputed
       FROM (SELECT *, ${texts} FROM (FROM differing ORDER BY ALL LIMIT $shown)) ORDER BY ALL`,
    )
  }

  /** Counts the rows of `differing`, which goes, and notes the first of them as long as they are shown. */
  async #take(table: string, select: string): Promise<void> {
    const [counted] = await this.#reading.rows<{ count: number }>('SELECT count(*) AS count FROM differing')
    const shown = this.#shown - this.found.first.length
    const rows = await this.#reading.rows<Record<string, unknown> & { live: number; recomputed: number }>(select, {
      shown,
    })
    this.found.count += counted!.count
    this.found.first.push(...rows.map(({ live, recomputed, ...row }) => ({ table, row, live, recomputed })))
    await this.#reading.rows('DROP TABLE differing')
  }
}
