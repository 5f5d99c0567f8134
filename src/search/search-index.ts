/** Keeps the search index up with the figures, a part at a time. */
import { setImmediate as turn } from 'node:timers/promises'
import type { AskOptions, Changes, FiguresState, Snapshot } from '../storage/figures.ts'
import type { Description, IndexFile, Plays, Position } from './index-file.ts'
import { descriptionsOf, entitiesAfter, playsIn } from './read-figures.ts'

/** Entities of one step. */
const ENTITIES = 10_000
/** Entries of the log whose plays are added in one step. */
const EVENTS = 500_000
/** More changed entities are not kept in mind: all are read again then. */
const MAX_CHANGED = 200_000
/** Entities written before other work of the thread gets its turn: some 2 ms. */
const SLICE = 100
/** In place of a state that no figures have. */
const NO_STATE: FiguresState = { seq: -1, recordsUpTo: -1 }

export interface SearchedFigures {
  ask<T>(question: (reads: Snapshot) => Promise<T>, options?: AskOptions): Promise<T>
  /** As `Figures.takeChanges`. */
  takeChanges(): Promise<Changes>
}

/** A reading of all entities, page by page, with their plays in one state of the figures. */
interface Pass {
  /** The last entity. */
  upTo: number
  /** Entities up to this number are done. */
  done: number
  playsSeq: number
}

/** What a step has read, and where the index is once that is written. */
interface Read {
  position: Position
  pass: Pass | undefined
  changed: readonly number[]
  descriptions: readonly Description[]
  plays: readonly Plays[]
}

export class SearchIndex {
  readonly #figures: SearchedFigures
  readonly #file: IndexFile
  /** The state up to which changes were taken. */
  #taken: FiguresState
  /** Entities whose descriptions are to be read again. */
  readonly #changed = new Set<number>()
  /** `due`: it begins with the next step. */
  #pass: Pass | 'due' | undefined

  constructor(file: IndexFile, figures: SearchedFigures) {
    const { position } = file
    this.#figures = figures
    this.#file = file
    this.#taken = position ? { seq: position.describedSeq, recordsUpTo: position.describedRecords } : NO_STATE
  }

  /** Whether all entities are still to be read, as where the index is new: what it has meanwhile may be old. */
  get isReadingAll(): boolean {
    return this.#pass !== undefined || this.#file.position === undefined
  }

  /** Does a part of what is to be done; says whether there was any. @throws QuestionRefused, and SQLite's errors */
  async step(): Promise<boolean> {
    this.#take(await this.#figures.takeChanges())
    const read = await this.#figures.ask(reads => this.#read(reads), { cost: 'slow' })
    if (!read) return false
    const { seq, recordsUpTo } = read.pass || this.#changed.size > read.changed.length ? NO_STATE : this.#taken
    const position = { ...read.position, describedSeq: seq, describedRecords: recordsUpTo }
    const isPassing = this.#pass !== undefined
    await this.#file.write(position, () => this.#write(read, isPassing))
    for (const id of read.changed) this.#changed.delete(id)
    this.#pass = read.pass
    return true
  }

  #take({ since, until, entities }: Changes): void {
    const isNext = this.#taken.seq === since.seq && this.#taken.recordsUpTo === since.recordsUpTo
    for (const entity of entities ?? []) this.#changed.add(entity)
    if (!isNext || entities === null || this.#changed.size > MAX_CHANGED) this.#readAll()
    this.#taken = until
  }

  #readAll(): void {
    this.#pass = 'due'
    this.#changed.clear()
  }

  async #read(reads: Snapshot): Promise<Read | undefined> {
    const [row] = await reads.rows<{ dictionary: string; seq: number; names: number }>(
      'SELECT dictionary, seq, names_up_to AS names FROM checkpoint',
    )
    const { dictionary, seq, names } = row!
    if (this.#file.position?.dictionary !== dictionary) {
      this.#file.begin({ dictionary, describedSeq: -1, describedRecords: -1, names: 0, playsSeq: 0 })
      this.#readAll()
    }
    const position = this.#file.position!
    if (this.#pass === 'due') this.#pass = { upTo: names, done: 0, playsSeq: seq }
    if (this.#pass) return readPage(reads, position, this.#pass)
    const isNews = this.#changed.size > 0 || position.names < names || position.playsSeq < seq
    return isNews ? this.#readNews(reads, position, { names, seq }) : undefined
  }

  /** New and changed entities, and, once those are read, plays: so that each play is of an entity that is known. */
  async #readNews(reads: Snapshot, position: Position, { names, seq }: { names: number; seq: number }): Promise<Read> {
    const fresh = await entitiesAfter(reads, { after: position.names, upTo: names, limit: ENTITIES })
    const changed = [...this.#changed].slice(0, ENTITIES)
    const descriptions = await descriptionsOf(reads, [...new Set([...fresh, ...changed])])
    const read: Read = { position, pass: undefined, changed, descriptions, plays: [] }
    if (fresh.length === ENTITIES) return { ...read, position: { ...position, names: fresh.at(-1)! } }
    const after = position.playsSeq
    const upTo = Math.min(seq, after + EVENTS)
    const plays = after < upTo ? await playsIn(reads, { after, upTo, from: 1, to: names }) : []
    return { ...read, position: { ...position, names, playsSeq: upTo }, plays }
  }

  async #write({ descriptions, plays }: Read, areTotals: boolean): Promise<void> {
    const unsettled = new Set<number>()
    await inSlices(descriptions, each => this.#file.describe(each, unsettled))
    await inSlices(plays, each => this.#file.count(each, areTotals, unsettled))
    await inSlices([...unsettled], id => this.#file.settle(id))
  }
}

async function readPage(reads: Snapshot, position: Position, { upTo, done, playsSeq }: Pass): Promise<Read> {
  const ids = await entitiesAfter(reads, { after: done, upTo, limit: ENTITIES })
  const isLast = ids.length < ENTITIES
  const to = isLast ? upTo : ids.at(-1)!
  const plays = await playsIn(reads, { after: 0, upTo: playsSeq, from: done + 1, to })
  return {
    position: isLast ? { ...position, names: upTo, playsSeq } : position,
    pass: isLast ? undefined : { upTo, done: to, playsSeq },
    changed: [],
    descriptions: await descriptionsOf(reads, ids),
    plays,
  }
}

async function inSlices<T>(all: readonly T[], work: (each: T) => void): Promise<void> {
  for (let i = 0; i < all.length; i++) {
    work(all[i]!)
    if (i % SLICE === SLICE - 1) await turn()
  }
}
