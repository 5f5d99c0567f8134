/** Checks all of the log, of the documents and of the index of event ids. */
import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Seq } from '../storage.ts'
import { damageIn, markDamaged, orDamaged } from './damage.ts'
import { databaseFile } from './database.ts'
import { requireHeader } from './header.ts'
import { IdIndex } from './id-index.ts'
import { type KnownEnd, knownEnd } from './last-entry.ts'
import type { SeqRange } from './lost-entries.ts'
import { requireOwnFiles } from './own-files.ts'
import { hasChecksums, openForSalvage, SalvagedDocuments, SalvagedLog } from './salvage.ts'

/** How many problems are named; more are only counted. */
const NAMED = 100

/** Called with the number of entries that are checked, and of all. */
export type OnChecked = (done: Seq, all: Seq) => void

export interface CheckReport {
  /** The first 100 of them. */
  problems: string[]
  count: number
  /** Entries that are as they were written. */
  entries: number
  /** How many of them an earlier version wrote, without a checksum. */
  unchecked: number
  /** The entries that can't be read, without those whose loss was accepted before. */
  lost: SeqRange[]
  /** The last entry of which it is known that there was one. */
  end: Seq
  isEndKnown: boolean
  areDocumentsLost: boolean
}

/**
 * Checks the store of a directory, and marks it as damaged where it finds a problem. It only reads, so that the service may
 * run meanwhile.
 */
export function checkStore(directory: string, onChecked: OnChecked): CheckReport {
  if (existsSync(directory)) requireOwnFiles(directory)
  const file = databaseFile(directory)
  // This is read first, because a service that runs goes on writing.
  const known = knownEnd(directory, file)
  const report = checkFile(file, known, onChecked)
  if (report.count > 0) markDamaged(directory, report.problems[0]!)
  return report
}

/** Checks the file of a store, such as one in a back-up. */
export function checkFile(file: string, known: KnownEnd, onChecked: OnChecked): CheckReport {
  let database: DatabaseSync
  try {
    requireHeader(file)
    database = openForSalvage(file, { readOnly: true })
  } catch (error) {
    const what = damageIn(error)
    if (what === null) throw error
    return unreadable(what)
  }
  try {
    return check(database, known, onChecked)
  } finally {
    database.close()
  }
}

/** The report on a file of which nothing can be read. */
export function unreadable(what: string): CheckReport {
  const nothing = { entries: 0, unchecked: 0, lost: [], end: 0, isEndKnown: false, areDocumentsLost: true }
  return { problems: [`file: ${what}`], count: 1, ...nothing }
}

/** Checks a database that `openForSalvage` has opened. */
export function check(database: DatabaseSync, known: KnownEnd, onChecked: OnChecked): CheckReport {
  return new StoreCheck(database, known).run(onChecked)
}

class StoreCheck {
  #database: DatabaseSync
  #known: KnownEnd
  #problems: string[] = []
  #count = 0

  constructor(database: DatabaseSync, known: KnownEnd) {
    this.#database = database
    this.#known = known
  }

  run(onChecked: OnChecked): CheckReport {
    this.#checkFile()
    const ids = hasChecksums(this.#database) ? this.#checkIds() : undefined
    const log = this.#checkLog(ids, onChecked)
    // Where a file is missing, documents are missing too.
    const areDocumentsLost = this.#checkDocuments() || this.#known.missing !== null
    return { ...log, problems: this.#problems, count: this.#count, areDocumentsLost }
  }

  #checkFile(): void {
    this.#attempt('file', () => {
      for (const row of this.#database.prepare(`PRAGMA integrity_check(${NAMED})`).iterate()) {
        const { integrity_check: found } = row as { integrity_check: string }
        if (found !== 'ok') for (const line of found.split('\n')) this.#note(`file: ${line}`)
      }
    })
  }

  /** In one transaction, because a service that runs may write a slice meanwhile. */
  #checkIds(): IdIndex | undefined {
    const ids = this.#attempt('ids', () => {
      this.#database.exec('BEGIN')
      return new IdIndex(this.#database)
    })
    this.#attempt('ids', () => ids?.verifyAll())
    if (this.#database.isTransaction) orDamaged(() => this.#database.exec('ROLLBACK'))
    return ids
  }

  #checkLog(ids: IdIndex | undefined, onChecked: OnChecked) {
    const log = new SalvagedLog(this.#database, Math.max(ids?.lastWritten ?? 0, this.#known.lastSeq))
    const comparison = ids?.comparison()
    const all = this.#attempt('log', () => log.lastOfIndex()) ?? 0
    let entries = 0
    let unchecked = 0
    for (const page of log.read()) {
      for (const { id, seq } of page) {
        comparison?.add(id, seq)
        if (seq <= log.accepted.uncheckedTo) unchecked++
      }
      entries += page.length
      onChecked(log.lastFound, Math.max(all, log.lastFound))
    }
    const { lost, end } = log
    const isEndKnown = log.isEndKnown && this.#known.missing === null
    if (this.#known.missing !== null) this.#note(`file: ${this.#known.missing} is missing`)
    for (const range of lost) this.#note(`log: ${entriesOf(range)} can't be read`)
    if (!isEndKnown) this.#note(`log: what followed entry ${end} can't be read`)
    // Lost entries would make the comparison fail too.
    const differing = lost.length === 0 ? (comparison?.differing() ?? 0) : 0
    if (differing > 0) this.#note(`ids: ${differing} parts of their index do not fit the log`)
    return { entries, unchecked, lost, end: Math.max(end, log.lastFound), isEndKnown }
  }

  #checkDocuments(): boolean {
    const documents = new SalvagedDocuments(this.#database)
    for (const _ of documents.read());
    if (documents.areLost) this.#note('documents: not all of them can be read')
    return documents.areLost
  }

  #note(problem: string): void {
    if (++this.#count <= NAMED) this.#problems.push(problem)
  }

  /** Returns undefined, and notes the problem, where something is damaged. */
  #attempt<T>(part: string, work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      const what = damageIn(error)
      if (what === null) throw error
      this.#note(`${part}: ${what}`)
      return undefined
    }
  }
}

/** A range in words, such as `entries 12–40`. */
export function entriesOf({ first, last }: SeqRange): string {
  return first === last ? `entry ${first}` : `entries ${first}–${last}`
}
