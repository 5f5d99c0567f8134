/**
 * Comparing two figures at rest, row by row. The recomputed ones begin with a copy of the live ones' dictionary, so that
 * one text has one number in both; what gets a number only then gets one that the live figures can't have.
 */
import { INTEGER, VARCHAR } from '@duckdb/node-api'
import { Dictionary, type Numbered } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'
import type { ReadOnlyFigures, Contents } from './read-only-figures.ts'
import { quoted } from './figures-file.ts'
import { dictionaryFile, figuresFile } from './file-names.ts'
import { LISTENER } from './names.ts'
import type { Reading } from './reading.ts'
import { ROW_GROUP_SIZE, SCHEMA } from './schema.ts'

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

/** What the files are called while they are attached. */
export const LIVE = 'live'
export const RECOMPUTED = 'recomputed'

interface Table {
  name: string
  /** The rows of the figures that are attached under a name. */
  rows: (figures: string) => string
  columns: readonly string[]
  /** Columns with numbers of the dictionary. */
  entities: readonly string[]
}

const NAMES: Table = {
  name: 'names',
  // The recomputed ones have the names of later strings as well.
  rows: figures =>
    `(FROM ${figures}.names WHERE id > $from AND id <= $upTo AND (id <= $namesUpTo OR '${figures}' = '${LIVE}'))`,
  columns: ['id', 'kind', 'text'],
  entities: [],
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

/** Entries of the log whose facts, and numbers whose names are compared at a time, which bounds the memory. */
const PART = 250_000
const STRINGS = 20_000
/** As many numbers are left out, so that no row of the live figures has one that is given now. */
const SKIPPED = 2 ** 30

/** Makes the empty figures of a folder that the live ones, which are attached, can be compared with once they are filled. */
export async function beginComparable({ connection }: ReadOnlyFigures, folder: string, live: string): Promise<void> {
  await connection.run('CREATE TABLE strings (id INTEGER, text VARCHAR)')
  const dictionary = Dictionary.openForReading(dictionaryFile(live))
  try {
    for (const strings of inPages(dictionary)) {
      await appendRows(connection, 'strings', [
        { type: INTEGER, values: strings.map(({ id }) => id) },
        { type: VARCHAR, values: strings.map(({ text }) => text) },
      ])
    }
    await dictionary.copyTo(dictionaryFile(folder), SKIPPED)
  } finally {
    dictionary.close()
  }
  await connection.run(`ATTACH ${quoted(figuresFile(folder))} AS begun (ROW_GROUP_SIZE ${ROW_GROUP_SIZE})`)
  await connection.run('USE begun')
  await connection.run(SCHEMA)
  await connection.run(
    `INSERT INTO checkpoint SELECT format, dictionary, 0, NULL, 0, names_up_to FROM ${LIVE}.checkpoint;
     INSERT INTO names
     SELECT id, regexp_extract(text, '^[^:]*'), regexp_replace(text, '^[^:]*:?', '')
     FROM memory.strings, checkpoint WHERE id <= names_up_to AND NOT starts_with(strings.text, '${LISTENER}');
     USE memory;
     DETACH begun`,
  )
}

function* inPages(dictionary: Dictionary): Generator<Numbered[]> {
  let page: Numbered[] = []
  for (const numbered of dictionary.all()) {
    page.push(numbered)
    if (page.length < STRINGS) continue
    yield page
    page = []
  }
  yield page
}

/**
 * Compares all tables of the attached files; `shown`: differences that are given one by one, beside their number. `folder`:
 * where the recomputed figures are.
 */
export async function compare(
  { reading }: ReadOnlyFigures,
  { checkpoint, namesUpTo }: Contents,
  folder: string,
  shown: number,
): Promise<Differences> {
  const comparison = new Comparison(reading, shown)
  await comparison.findAmbiguous()
  for (const part of partsUpTo(namesUpTo)) await comparison.compareTable(NAMES, { ...part, namesUpTo })
  for (const part of partsUpTo(checkpoint.seq)) await comparison.compareTable(FACTS, part)
  for (const table of OTHERS) await comparison.compareTable(table, {})
  return comparison.withTexts(folder)
}

/** Ranges that also cover what lies before the first one and behind `last`, where nothing should be. */
function partsUpTo(last: number): { from: number; upTo: number }[] {
  return Array.from({ length: Math.ceil(last / PART) || 1 }, (_, i) => ({
    from: i === 0 ? Number.MIN_SAFE_INTEGER : i * PART,
    upTo: (i + 1) * PART >= last ? Number.MAX_SAFE_INTEGER : (i + 1) * PART,
  }))
}

class Comparison {
  readonly #reading: Reading
  readonly #shown: number
  readonly #found: Differences = { count: 0, first: [] }

  constructor(reading: Reading, shown: number) {
    this.#reading = reading
    this.#shown = shown
  }

  /** A number must be that of one text. */
  findAmbiguous(): Promise<void> {
    return this.#find(
      'strings',
      `SELECT id, string_agg(text, ', ' ORDER BY text) AS texts, count(*) AS live, 1 AS recomputed
       FROM strings WHERE id IN (SELECT id FROM strings GROUP BY id HAVING count(*) > 1) GROUP BY id`,
      {},
    )
  }

  compareTable({ name, rows, columns, entities }: Table, parameters: Record<string, number>): Promise<void> {
    const all = [...columns, ...entities].join(', ')
    return this.#find(
      name,
      `SELECT ${all}, sum(live)::BIGINT AS live, sum(recomputed)::BIGINT AS recomputed
       FROM (
         SELECT ${all}, 1 AS live, 0 AS recomputed FROM ${rows(LIVE)}
         UNION ALL
         SELECT ${all}, 0, 1 FROM ${rows(RECOMPUTED)}
       )
       GROUP BY ALL HAVING sum(live) <> sum(recomputed)`,
      parameters,
    )
  }

  /** What was found, with the texts of numbers. */
  withTexts(folder: string): Differences {
    const { count, first } = this.#found
    const texts = textsOf(folder, numbersOf(first))
    for (const { table, row } of first) {
      for (const column of entitiesOf(table)) {
        const number = row[column]
        if (typeof number === 'number') row[column] = texts.get(number) ?? `number ${number}`
      }
    }
    return { count, first }
  }

  /** Counts the rows of a statement, and notes the first of them as long as they are shown. */
  async #find(table: string, sql: string, parameters: Record<string, number>): Promise<void> {
    await this.#reading.rows(`CREATE TABLE differing AS ${sql}`, parameters)
    const [counted] = await this.#reading.rows<{ count: number }>('SELECT count(*) AS count FROM differing')
    const rows = await this.#reading.rows<Record<string, unknown> & { live: number; recomputed: number }>(
      'FROM differing ORDER BY ALL LIMIT $left',
      { left: this.#shown - this.#found.first.length },
    )
    this.#found.count += counted!.count
    this.#found.first.push(...rows.map(({ live, recomputed, ...row }) => ({ table, row, live, recomputed })))
    await this.#reading.rows('DROP TABLE differing')
  }
}

const entitiesOf = (name: string): readonly string[] =>
  [FACTS, ...OTHERS].find(table => table.name === name)?.entities ?? []

function numbersOf(differences: readonly Difference[]): Set<unknown> {
  return new Set(differences.flatMap(({ table, row }) => entitiesOf(table).map(column => row[column])))
}

/** The dictionary finds numbers by texts: where texts of a few numbers are asked for, it is read from end to end. */
function textsOf(folder: string, numbers: ReadonlySet<unknown>): Map<number, string> {
  const texts = new Map<number, string>()
  if (numbers.size === 0) return texts
  const dictionary = Dictionary.openForReading(dictionaryFile(folder))
  try {
    for (const { id, text } of dictionary.all()) if (numbers.has(id)) texts.set(id, text)
  } finally {
    dictionary.close()
  }
  return texts
}
