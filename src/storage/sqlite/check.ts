/** Looks through everything that the log and the documents hold for what is not as it was written. */
import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { Seq } from '../storage.ts'
import { damageIn, markDamaged, orDamaged } from './damage.ts'
import { databaseFile } from './database.ts'
import { requireHeader } from './header.ts'
import { IdIndex } from './id-index.ts'
import { type KnownEnd, knownEnd } from './last-entry.ts'
import { hasChecksums, SalvagedDocuments, SalvagedLog, openForSalvage } from './salvage.ts'
import type { SeqRange } from './lost-entries.ts'
import { requireOwnFiles } from './own-files.ts'

/** Problems that are named; beyond, they are only counted. */
const NAMED = 100

/** Hears how many of how many entries are looked through. */
export type OnChecked = (done: Seq, all: Seq) => void

export interface CheckReport {
  /** The first ones. */
  problems: string[]
  count: number
  /** Entries that are as they were written. */
  entries: number
  /** How many of them an earlier version wrote, without a checksum. */
  unchecked: number
  /** What can't be read of the log, without what was given up before. */
  lost: SeqRange[]
  /** The last entry of which it is known that there was one. */
  end: Seq
  isEndKnown: boolean
  areDocumentsLost: boolean
}

/**
 * Checks the store of a directory. It reads only, so that the service may run, and marks the store where it finds anything.
 */
export function checkStore(directory: string, onChecked: OnChecked): CheckReport {
  if (existsSync(directory)) requireOwnFiles(directory)
  const file = databaseFile(directory)
  // Read first: a service that runs goes on writing.
  const known = knownEnd(directory, file)
  const report = checkFile(file, known, onChecked)
  if (report.count > 0) markDamaged(directory, report.problems[0]!)
  return report
}

/** Checks a file, which need not be in its place. */
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

/** Checks what `openForSalvage` has opened. */
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
    // A file that is missing had documents too.
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

  /** One transaction: a service that runs may write a slice meanwhile. */
  #checkIds(): IdIndex | undefined {
    const ids = this.#attempt('ids', () => {
      this.#database.exec('BEGIN')
      return new IdIndex(this.#database)
    })
    this.#attempt('ids', () => ids?.compareAll())
    if (this.#database.isTransaction) orDamaged(() => this.#database.exec('ROLLBACK'))
    return ids
  }

  #checkLog(ids: IdIndex | undefined, onChecked: OnChecked) {
    const log = new SalvagedLog(this.#database, Math.max(ids?.lastWritten ?? 0, this.#known.lastSeq))
    const comparison = ids?.comparison()
    const all = this.#attempt('log', () => log.lastSaid()) ?? 0
    let entries = 0
    let unchecked = 0
    for (const page of log.read()) {
      for (const { id, seq } of page) {
        comparison?.add(id, seq)
        if (seq <= log.given.uncheckedTo) unchecked++
      }
      entries += page.length
      onChecked(log.lastFound, Math.max(all, log.lastFound))
    }
    const { lost, end } = log
    const isEndKnown = log.isEndKnown && this.#known.missing === null
    if (this.#known.missing !== null) this.#note(`file: ${this.#known.missing} is missing`)
    for (const range of lost) this.#note(`log: ${entriesOf(range)} can't be read`)
    if (!isEndKnown) this.#note(`log: what followed entry ${end} can't be read`)
    // What is lost of the log is missing in the comparison too.
    const differing = lost.length === 0 ? (comparison?.differing() ?? []) : []
    if (differing.length > 0) this.#note(`ids: ${differing.length} parts of their index do not fit the log`)
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

  /** Undefined where something is damaged. */
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

/** Such as `entries 12–40`. */
export function entriesOf({ first, last }: SeqRange): string {
  return first === last ? `entry ${first}` : `entries ${first}–${last}`
}
