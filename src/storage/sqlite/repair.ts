/**
 * Repairs a damaged store: everything that is still readable is copied into a new file, which replaces the damaged one. The
 * index of ids is made again from the log. Where anything is lost, the operator has to accept that first.
 */
import { copyFileSync, existsSync, linkSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Seq, StoreDamaged, StoreLoss, StoreUnavailable } from '../storage.ts'
import { type CheckReport, check, entriesOf, unreadable } from './check.ts'
import { DamageWatch, damageIn, damageOf, describeDamage, orDamaged, removeMark } from './damage.ts'
import {
  createBeside,
  databaseFile,
  hasDatabase,
  isUpToDate,
  LOCK,
  lockDirectory,
  openForReading,
  putInPlace,
} from './database.ts'
import { EntryWriter, EventLog } from './event-log.ts'
import { putHeaderRight, requireHeader } from './header.ts'
import { type KnownEnd, knownEnd, removeNote } from './last-entry.ts'
import { requireOwnFiles } from './own-files.ts'
import { openForSalvage, SalvagedDocuments, SalvagedLog } from './salvage.ts'
import { openSqliteStorage, requireWhole } from './sqlite-storage.ts'
import { inTransaction } from './transaction.ts'

/** How many ranges of lost entries a message names. */
const NAMED = 20

export interface RepairOptions {
  /** Whether the operator accepts that entries or documents are lost. */
  acceptLoss: boolean
  /** Called with lines for the service's log. */
  announce: (line: string) => void
  /** Removes what was derived from the damaged store, such as the figures. */
  removeDerived: () => void
}

/**
 * Makes sure that the store of a directory, where there is one, can be opened. All of it is checked only where damage was
 * noticed, now or before.
 * @throws StoreInUse
 * @throws StoreLoss where anything is lost and the loss is not accepted
 */
export async function repair(directory: string, options: RepairOptions): Promise<void> {
  if (existsSync(directory)) requireOwnFiles(directory)
  if (!hasDatabase(directory)) return acceptMissing(directory, options)
  if (await isSound(directory)) return
  repairLocked(directory, options, 'where needed')
  // Opening a store can fail where a check finds nothing.
  if (!(await isSound(directory))) repairLocked(directory, options, 'in any case')
}

/** Where the file of a store is missing, nothing can be repaired: its loss can only be accepted. */
function acceptMissing(directory: string, { acceptLoss, removeDerived }: RepairOptions): void {
  const { lastSeq, missing } = knownEnd(directory, databaseFile(directory))
  if (missing === null) return
  if (!acceptLoss) {
    throw new StoreLoss(
      `the store in ${directory} had ${lastSeq} entries or more: its file ${missing} is missing. ${remedyFor(missing)}`,
    )
  }
  removeDerived()
  removeNote(directory)
  removeMark(directory)
}

function repairLocked(directory: string, options: RepairOptions, when: 'where needed' | 'in any case'): void {
  const lock = lockDirectory(directory)
  try {
    options.announce(`the store may be damaged, all of it is checked: ${damageOf(directory)?.what}`)
    const wrong = putHeaderRight(databaseFile(directory))
    if (wrong !== null) options.announce(`the header of the store's file was wrong at ${wrong}, and is put right`)
    const known = knownEnd(directory, databaseFile(directory))
    const { database, report } = openAndCheck(databaseFile(directory), known)
    try {
      if (report.count > 0 || when === 'in any case') repairFile(directory, database, report, { ...options, known })
      else options.announce(`nothing ${wrong === null ? '' : 'else '}of the store is damaged`)
    } finally {
      if (database?.isOpen) database.close()
    }
    removeMark(directory)
  } finally {
    lock.close()
  }
}

/** Removes a store that is only a copy of another database, and what was derived from it. @throws StoreInUse */
export function removeReplica(directory: string): void {
  const lock = lockDirectory(directory)
  try {
    // The mark is removed last, so that an interrupted removal is done again.
    for (const name of readdirSync(directory).filter(name => !name.startsWith(LOCK) && !name.endsWith('.json'))) {
      rmSync(join(directory, name), { recursive: true, force: true })
    }
    removeMark(directory)
  } finally {
    lock.close()
  }
}

/** Whether the store can be opened. Only a small part of it is read. */
async function isSound(directory: string): Promise<boolean> {
  try {
    const known = knownEnd(directory, databaseFile(directory))
    const isCurrent = new DamageWatch(directory).write(() => {
      requireWhole(known)
      requireHeader(databaseFile(directory))
      return isCurrentAndReadable(directory, known.lastSeq)
    })
    if (!isCurrent) await openSqliteStorage(directory).close()
    return true
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    return false
  }
}

/** False where an earlier version wrote the store. @throws StoreDamaged */
function isCurrentAndReadable(directory: string, known: Seq): boolean {
  const database = openForReading(directory)
  try {
    return isUpToDate(database) && new EventLog(database, known).lastSeq >= 0
  } finally {
    database.close()
  }
}

/** Closes the database. */
function repairFile(
  directory: string,
  database: DatabaseSync | null,
  report: CheckReport,
  { acceptLoss, announce, removeDerived, known }: RepairOptions & { known: KnownEnd },
): void {
  const lost = lossOf(report)
  if (lost !== null && !acceptLoss) {
    describeDamage(directory, lost)
    throw new StoreLoss(`the store in ${directory} is damaged: ${lost} can't be read. ${remedyFor(known.missing)}`)
  }
  const file = databaseFile(directory)
  const fresh = createBeside(file)
  try {
    if (database) copySalvaged(database, fresh)
  } finally {
    fresh.close()
  }
  database?.close()
  const kept = keepDamaged(file, database !== null)
  removeDerived()
  putInPlace(file)
  // This is last, so that the loss has to be accepted again where the repair is interrupted.
  removeNote(directory)
  announce(`the store was mended: ${lost ?? 'nothing'} is lost. The damaged file is kept as ${kept}`)
}

function remedyFor(missing: string | null): string {
  const first = missing === null ? 'Restore a backup' : `Put ${missing} back if you have it, restore a backup`
  return `${first}, or go on without: npm start -- --accept-loss`
}

function openAndCheck(file: string, known: KnownEnd): { database: DatabaseSync | null; report: CheckReport } {
  try {
    const database = openForSalvage(file, { readOnly: false })
    // The write-ahead log is emptied into the damaged file: else it would be taken for that of the new file.
    orDamaged(() => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    return { database, report: check(database, known, () => {}) }
  } catch (error) {
    const what = damageIn(error)
    if (what === null) throw error
    return { database: null, report: unreadable(what) }
  }
}

/** In words, such as `entries 12–40, entry 77 of the event log (30 of 1000)`; null where nothing is lost. */
function lossOf({ lost, end, isEndKnown, entries, areDocumentsLost }: CheckReport): string | null {
  const count = lost.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  const named = lost.slice(0, NAMED).map(entriesOf).join(', ')
  const more = lost.length > NAMED ? ` and ${lost.length - NAMED} more ranges` : ''
  const parts = [
    count > 0 && `${named}${more} of the event log (${count} of ${end})`,
    !isEndKnown && (entries > 0 ? `whatever followed entry ${end} of the event log` : 'the whole event log'),
    areDocumentsLost && 'a part of the documents (dead letters, alerts, what the catalogue said)',
  ].filter(part => part !== false)
  return parts.length > 0 ? parts.join(', and ') : null
}

function copySalvaged(from: DatabaseSync, to: DatabaseSync): void {
  inTransaction(to, () => {
    copyLog(from, to)
    copyDocuments(from, to)
  })
}

/** Positions after the last entry that was found are not noted as lost: new entries get them. */
function copyLog(from: DatabaseSync, to: DatabaseSync): void {
  const log = new SalvagedLog(from, 0)
  const writer = new EntryWriter(to)
  for (const entries of log.read()) for (const entry of entries) writer.write(entry)
  const insert = to.prepare('INSERT INTO lost_entries (first, last) VALUES (?, ?)')
  for (const { first, last } of [...log.accepted.ranges, ...log.lost]) {
    if (first < log.lastFound) insert.run(first, last)
  }
}

function copyDocuments(from: DatabaseSync, to: DatabaseSync): void {
  const insert = to.prepare(
    'INSERT OR REPLACE INTO documents (arrival, collection, id, kind, value) VALUES (?, ?, ?, ?, ?)',
  )
  for (const rows of new SalvagedDocuments(from).read()) {
    for (const { arrival, collection, id, kind, value } of rows) insert.run(arrival, collection, id, kind, value)
  }
}

/** Keeps the damaged file under another name in the same folder, and returns its new path. */
function keepDamaged(file: string, isReadable: boolean): string {
  const kept = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`
  const log = `${file}-wal`
  const hasLog = existsSync(log) && statSync(log).size > 0
  if (hasLog && isReadable) throw new StoreUnavailable(`${log} is still used: end whatever else has the store open`)
  try {
    linkSync(file, kept)
  } catch {
    // Not every file system has hard links.
    copyFileSync(file, kept)
  }
  if (hasLog) renameSync(log, `${kept}-wal`)
  return kept
}
