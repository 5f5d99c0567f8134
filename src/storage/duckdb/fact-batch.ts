/** Facts and associations on their way into the figures: strings become numbers, rows become columns. */
import { BIGINT, type DuckDBConnection, ENUM, INTEGER, TINYINT, VARCHAR } from '@duckdb/node-api'
import { ENTITY_KINDS, type EntityKind, type EventFacts, type Measure } from '../figures.ts'
import { type Dictionary, writable } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'
import { listenerText } from './names.ts'

const MEASURE = ENUM(['plays', 'likes', 'follows', 'purchases'])
const KIND = ENUM([...ENTITY_KINDS])

export class FactBatch {
  #dictionary: Dictionary
  #seqs: bigint[] = []
  #instants: bigint[] = []
  #measures: Measure[] = []
  #counts: number[] = []
  #keys: number[] = []
  #parts: number[] = []
  #tracks: (number | null)[] = []
  #albums: (number | null)[] = []
  #listeners: (number | null)[] = []
  #amounts: (bigint | null)[] = []
  #currencies: (string | null)[] = []
  /** Source → target → number of events. */
  #pairs = new Map<number, Map<number, number>>()
  #kinds = new Map<number, EntityKind>()
  /** Keys whose owner may be another one now. */
  readonly touched = new Set<number>()

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary
  }

  add(slice: readonly EventFacts[]): void {
    this.#learn(slice)
    for (const { seq, facts, associations } of slice) {
      const position = facts.length > 0 ? BigInt(seq) : 0n
      for (const fact of facts) {
        this.#seqs.push(position)
        this.#instants.push(BigInt(fact.instant))
        this.#measures.push(fact.measure)
        this.#counts.push(fact.counts)
        this.#keys.push(this.#id(fact.key))
        this.#parts.push(fact.part)
        this.#tracks.push(fact.track === undefined ? null : this.#id(fact.track))
        this.#albums.push(fact.album === undefined ? null : this.#id(fact.album))
        this.#listeners.push(fact.listener === undefined ? null : this.#id(listenerText(fact.listener)))
        this.#amounts.push(fact.amount === undefined ? null : BigInt(fact.amount))
        this.#currencies.push(fact.currency ?? null)
      }
      for (const { source, target } of associations) this.#addPair(source, target)
    }
  }

  /** Writes the rows, inside the connection's transaction. */
  async append(connection: DuckDBConnection): Promise<void> {
    await appendRows(connection, 'recent_facts', [
      { type: BIGINT, values: this.#seqs },
      { type: BIGINT, values: this.#instants },
      { type: MEASURE, values: this.#measures },
      { type: TINYINT, values: this.#counts },
      { type: INTEGER, values: this.#keys },
      { type: INTEGER, values: this.#parts },
      { type: INTEGER, values: this.#tracks },
      { type: INTEGER, values: this.#albums },
      { type: INTEGER, values: this.#listeners },
      { type: BIGINT, values: this.#amounts },
      { type: VARCHAR, values: this.#currencies },
    ])
    const pairs = [...this.#pairs].flatMap(([source, targets]) =>
      [...targets].map(([target, events]) => ({ source, target, events })),
    )
    await appendRows(connection, 'recent_associations', [
      { type: INTEGER, values: pairs.map(({ source }) => source) },
      { type: KIND, values: pairs.map(({ target }) => this.#kinds.get(target)!) },
      { type: INTEGER, values: pairs.map(({ target }) => target) },
      { type: INTEGER, values: pairs.map(({ events }) => events) },
    ])
  }

  #addPair(source: string, target: string): void {
    const from = this.#id(source)
    const to = this.#id(target)
    const targets = this.#pairs.get(from) ?? new Map<number, number>()
    if (targets.size === 0) this.#pairs.set(from, targets)
    targets.set(to, (targets.get(to) ?? 0) + 1)
    if (!this.#kinds.has(to)) this.#kinds.set(to, kindOf(target))
    if (/^(album|name):/.test(source) && /^(artist|name):/.test(target)) this.touched.add(from)
  }

  /** What strings of a slice are not remembered is looked up at once, or gets its number. */
  #learn(slice: readonly EventFacts[]): void {
    this.#dictionary.tidy()
    const unknown = new Set<string>()
    const need = (text: string | undefined) => {
      if (text === undefined) return
      const written = writable(text)
      if (this.#dictionary.known(written) === undefined) unknown.add(written)
    }
    for (const { facts, associations } of slice) {
      for (const { key, track, album, listener } of facts) {
        need(key)
        need(track)
        need(album)
        if (listener !== undefined) need(listenerText(listener))
      }
      for (const { source, target } of associations) {
        need(source)
        need(target)
      }
    }
    this.#dictionary.learn(unknown)
  }

  #id(text: string): number {
    return this.#dictionary.known(writable(text))!
  }
}

const kindOf = (entity: string): EntityKind => entity.slice(0, entity.indexOf(':')) as EntityKind
