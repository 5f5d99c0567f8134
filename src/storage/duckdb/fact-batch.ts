/** Collects facts, associations and feedback for the figures: strings become numbers of the dictionary, and rows become columns. */
import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  ENUM,
  INTEGER,
  TINYINT,
  VARCHAR,
} from '@duckdb/node-api'
import { type EntityKind, kindOf } from '../../identity/entity-ref.ts'
import {
  type Association,
  type ColumnType,
  type EventFacts,
  FACT_COLUMNS,
  FACT_FIELDS,
  type Fact,
  MEASURES,
} from '../figures.ts'
import { type Dictionary, writable } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'
import { FeedbackBatch } from './feedback-batch.ts'
import { KIND, listenerText } from './names.ts'
import type { Reading } from './reading.ts'
import type { UnambiguousKeys } from './unambiguous-keys.ts'

const TYPES: Record<ColumnType, DuckDBType> = {
  integer: BIGINT,
  'small integer': INTEGER,
  sign: TINYINT,
  measure: ENUM([...MEASURES]),
  entity: INTEGER,
  listener: INTEGER,
  text: VARCHAR,
}

/** A cell whose string had no number in memory when its row was added. */
interface OpenCell {
  column: DuckDBValue[]
  index: number
  text: string
}

export class FactBatch {
  #dictionary: Dictionary
  #seqs: bigint[] = []
  readonly #columns = FACT_FIELDS.map(field => ({ field, type: FACT_COLUMNS[field], values: [] as DuckDBValue[] }))
  #pairs = new Pairs()
  readonly #feedback = new FeedbackBatch()
  #open: OpenCell[] = []

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary
  }

  /** The keys whose owner the batch may change. */
  touched(unambiguous: UnambiguousKeys): number[] {
    return this.#pairs.touched(unambiguous)
  }

  /** The entities that events of the batch name with others. */
  sources(): Iterable<number> {
    return this.#pairs.sources()
  }

  add(slice: readonly EventFacts[]): void {
    this.#dictionary.tidy()
    const pairs = new SlicePairs()
    for (const { seq, facts, associations, feedback } of slice) {
      for (const fact of facts) this.#addFact(BigInt(seq), fact)
      for (const association of associations) {
        this.#reference(association.from, pairs.sources)
        this.#reference(association.to, pairs.targets)
        pairs.texts.push(association)
      }
      if (feedback) this.#feedback.add(seq, feedback, (text, column) => this.#reference(text, column))
    }
    this.#fillOpenCells()
    this.#pairs.add(pairs)
  }

  /** Writes the rows, inside the transaction of the connection that `reading` has. */
  async append(reading: Reading): Promise<void> {
    const { connection } = reading
    await appendRows(connection, 'recent_facts', [
      { type: BIGINT, values: this.#seqs },
      ...this.#columns.map(({ type, values }) => ({ type: TYPES[type], values })),
    ])
    await this.#pairs.append(connection)
    await this.#feedback.append(reading)
  }

  #addFact(seq: bigint, fact: Fact): void {
    this.#seqs.push(seq)
    for (const { field, type, values } of this.#columns) {
      const value = fact[field]
      if (value === undefined) values.push(null)
      else if (type === 'entity') this.#reference(value as string, values)
      else if (type === 'listener') this.#reference(listenerText(value as string), values)
      else values.push(type === 'integer' ? BigInt(value) : value)
    }
  }

  /** Adds the number of a string to a column. Most strings are in memory; the others are looked up together. */
  #reference(text: string, column: DuckDBValue[]): void {
    const id = this.#dictionary.known(text)
    if (id === undefined) this.#open.push({ column, index: column.length, text: writable(text) })
    column.push(id ?? null)
  }

  #fillOpenCells(): void {
    this.#dictionary.add(new Set(this.#open.map(({ text }) => text)))
    for (const { column, index, text } of this.#open) column[index] = this.#dictionary.known(text)!
    this.#open = []
  }
}

/** The associations of a slice, one for each event and pair, as numbers and as texts. */
class SlicePairs {
  readonly sources: number[] = []
  readonly targets: number[] = []
  readonly texts: Association[] = []
}

/** Counts how many events of a batch name two entities together. */
class Pairs {
  #kinds = new Map<number, EntityKind>()
  /** Sources that are attribution keys: albums and names. */
  #keys = new Set<number>()
  /** Source → target → number of events. */
  #events = new Map<number, Map<number, number>>()

  add({ sources, targets, texts }: SlicePairs): void {
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i]!
      const target = targets[i]!
      const events = this.#events.get(source)
      const known = events?.get(target)
      if (events) events.set(target, (known ?? 0) + 1)
      else this.#events.set(source, new Map([[target, 1]]))
      if (known !== undefined) continue
      const { from, to } = texts[i]!
      this.#kinds.set(target, kindOf(to))
      if (['album', 'name'].includes(kindOf(from))) this.#keys.add(source)
    }
  }

  sources(): Iterable<number> {
    return this.#events.keys()
  }

  /** The albums and names that an event names with an artist or a name, without those whose owner cannot change. */
  touched(unambiguous: UnambiguousKeys): number[] {
    const touched: number[] = []
    for (const [source, targets] of this.#events) {
      if (!this.#keys.has(source)) continue
      const owners = [...targets.keys()].filter(target => ['artist', 'name'].includes(this.#kinds.get(target)!))
      if (owners.length > 0 && !unambiguous.has(source, owners)) touched.push(source)
    }
    return touched
  }

  async append(connection: DuckDBConnection): Promise<void> {
    const rows = [...this.#events].flatMap(([source, targets]) =>
      [...targets].map(([target, events]) => ({ source, target, events })),
    )
    await appendRows(connection, 'recent_associations', [
      { type: INTEGER, values: rows.map(({ source }) => source) },
      { type: KIND, values: rows.map(({ target }) => this.#kinds.get(target)!) },
      { type: INTEGER, values: rows.map(({ target }) => target) },
      { type: INTEGER, values: rows.map(({ events }) => events) },
    ])
  }
}
