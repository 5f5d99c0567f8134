/**
 * Compares the live figures with recomputed ones, row by row. The recomputed ones begin with a copy of the live ones'
 * dictionary, so that a text has the same number in both. Texts that are new then get numbers that the live figures can't
 * have.
 */
import { INTEGER, VARCHAR } from '@duckdb/node-api'
import { FACT_COLUMNS, FACT_FIELDS } from '../figures.ts'
import { Dictionary, type Numbered } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'
import { quoted } from './figures-file.ts'
import { dictionaryFile, figuresFile } from './file-names.ts'
import { LISTENER } from './names.ts'
import type { Contents, ReadOnlyFigures } from './read-only-figures.ts'
import type { Reading } from './reading.ts'
import { ROW_GROUP_SIZE, SCHEMA } from './schema.ts'

/** A row that the live and the recomputed figures do not have the same number of times. */
export interface Difference {
  table: string
  /** With texts instead of the dictionary's numbers. */
  row: Record<string, unknown>
  live: number
  recomputed: number
}

export interface Differences {
  count: number
  first: Difference[]
}

/** The names under which the two are attached. */
export const LIVE = 'live'
export const RECOMPUTED = 'recomputed'

interface Table {
  name: string
  /** SQL for the rows of the figures that are attached under this name. */
  rows: (figures: string) => string
  columns: readonly string[]
  /** Columns with numbers of the dictionary. */
  entities: readonly string[]
}

const NAMES: Table = {
  name: 'names',
  // The recomputed figures also have the names of strings that were new to them.
  rows: figures =>
    `(FROM ${figures}.names WHERE id > $from AND id <= $upTo AND (id <= $namesUpTo OR '${figures}' = '${LIVE}'))`,
  columns: ['id', 'kind', 'text'],
  entities: [],
}

const isNumbered = (field: keyof typeof FACT_COLUMNS) => ['entity', 'listener'].includes(FACT_COLUMNS[field])

const FACTS: Table = {
  name: 'facts',
  rows: figures => `(FROM ${figures}.facts WHERE seq > $from AND seq <= $upTo)`,
  columns: ['seq', ...FACT_FIELDS.filter(field => !isNumbered(field))],
  entities: FACT_FIELDS.filter(isNumbered),
}

const FEEDBACK: Table = {
  name: 'feedback',
  rows: figures => `(FROM ${figures}.feedback WHERE seq > $from AND seq <= $upTo)`,
  columns: ['seq', 'instant', 'deed', 'strategy', 'again', 'shown_at', 'clicked_at'],
  entities: ['answer', 'item', 'listener'],
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
    columns: ['kind', 'label', 'released', 'asked_at'],
    entities: ['entity', 'artist', 'name', 'genre', 'title'],
  },
  {
    name: 'catalogue_tracks',
    rows: figures => `${figures}.catalogue_tracks`,
    columns: [],
    entities: ['album', 'track', 'title'],
  },
]

/** How many entries of the log, or numbers of the dictionary, are compared at a time. This bounds the memory. */
const PART = 250_000
const STRINGS = 20_000
/** How many numbers are left out before those of new texts, so that no row of the live figures has one of them. */
const SKIPPED = 2 ** 30

/** Makes empty figures in a folder, with the dictionary of the live ones, which are attached. They are to be filled next. */
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
 * Compares all tables of the attached figures. `folder` is that of the recomputed ones; at most `shown` differences are
 * listed.
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
  for (const part of partsUpTo(checkpoint.seq)) {
    for (const table of [FACTS, FEEDBACK]) await comparison.compareTable(table, part)
  }
  for (const table of OTHERS) await comparison.compareTable(table, {})
  return comparison.withTexts(folder)
}

/** Ranges up to `last`. The first and the last one are open, so that rows outside, which should not exist, are compared too. */
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

  /** Finds numbers that several texts have. */
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

  /** The differences found, with texts instead of numbers. */
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

  /** Counts the rows of a statement, and keeps the first ones to be shown. */
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
  [FACTS, FEEDBACK, ...OTHERS].find(table => table.name === name)?.entities ?? []

function numbersOf(differences: readonly Difference[]): Set<unknown> {
  return new Set(differences.flatMap(({ table, row }) => entitiesOf(table).map(column => row[column])))
}

/** Reads the whole dictionary, because it has no index by number. */
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
