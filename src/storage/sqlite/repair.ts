/**
 * Mends a damaged store: what can be read as it was written of the log and of the documents is copied into a new file, which
 * takes the place of the damaged one. The index of ids is made again on the way. Where anything is lost, somebody has to
 * accept that first.
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
import { SalvagedDocuments, SalvagedLog, openForSalvage } from './salvage.ts'
import { requireOwnFiles } from './own-files.ts'
import { openSqliteStorage, requireWhole } from './sqlite-storage.ts'
import { inTransaction } from './transaction.ts'

/** Ranges of lost entries that a message names. */
const NAMED = 20

export interface RepairOptions {
  /** Whether to go on without what is lost. */
  acceptLoss: boolean
  /** Takes lines for the log. */
  announce: (line: string) => void
  /** To remove what was made from the damaged store. */
  removeDerived: () => void
}

/**
 * Makes sure that the store of a directory can be opened; one that is not there is left so. All of it is looked through only
 * where damage was noticed, now or before.
 * @throws StoreInUse
 * @throws StoreLoss where anything is lost, and that is not accepted
 */
export async function repair(directory: string, options: RepairOptions): Promise<void> {
  if (existsSync(directory)) requireOwnFiles(directory)
  if (!hasDatabase(directory)) return acceptMissing(directory, options)
  if (await isSound(directory)) return
  repairLocked(directory, options, 'where needed')
  // What a start stumbles over need not be what a check finds.
  if (!(await isSound(directory))) repairLocked(directory, options, 'in any case')
}

/** Where the file of a store is missing, there is nothing to be mended. */
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
    const { database, report } = look(databaseFile(directory), known)
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

/** Removes a store that is only a copy, and what was made from it. @throws StoreInUse */
export function removeReplica(directory: string): void {
  const lock = lockDirectory(directory)
  try {
    // The mark goes last: where this is interrupted, it is done again.
    for (const name of readdirSync(directory).filter(name => !name.startsWith(LOCK) && !name.endsWith('.json'))) {
      rmSync(join(directory, name), { recursive: true, force: true })
    }
    removeMark(directory)
  } finally {
    lock.close()
  }
}

/** Whether it seems so without reading much: entries whose ids have to be read again are looked at when it is opened. */
async function isSound(directory: string): Promise<boolean> {
  try {
    const known = knownEnd(directory, databaseFile(directory))
    const isReadable = new DamageWatch(directory).write(() => {
      requireWhole(known)
      requireHeader(databaseFile(directory))
      return isReadableAsItIs(directory, known.lastSeq)
    })
    if (!isReadable) await openSqliteStorage(directory).close()
    return true
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    return false
  }
}

/** False where an earlier version wrote it. */
function isReadableAsItIs(directory: string, known: Seq): boolean {
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
  // Last: where this is interrupted, the loss has to be accepted again.
  removeNote(directory)
  announce(`the store was mended: ${lost ?? 'nothing'} is lost. The damaged file is kept as ${kept}`)
}

function remedyFor(missing: string | null): string {
  const first = missing === null ? 'Restore a backup' : `Put ${missing} back if you have it, restore a backup`
  return `${first}, or go on without: npm start -- --accept-loss`
}

function look(file: string, known: KnownEnd): { database: DatabaseSync | null; report: CheckReport } {
  try {
    const database = openForSalvage(file, { readOnly: false })
    // What is still in the write-ahead log has to go into the damaged file: it would be taken for the new one's.
    orDamaged(() => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    return { database, report: check(database, known, () => {}) }
  } catch (error) {
    const what = damageIn(error)
    if (what === null) throw error
    return { database: null, report: unreadable(what) }
  }
}

/** Such as `entries 12–40 and 77 of the event log (30 of 1000)`; null where nothing is lost. */
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

/** What is lost behind the last entry is no hole: new entries get these positions. */
function copyLog(from: DatabaseSync, to: DatabaseSync): void {
  const log = new SalvagedLog(from, 0)
  const writer = new EntryWriter(to)
  for (const entries of log.read()) for (const entry of entries) writer.write(entry)
  const insert = to.prepare('INSERT INTO lost_entries (first, last) VALUES (?, ?)')
  for (const { first, last } of [...log.given.ranges, ...log.lost]) {
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

/** Gives the path that the damaged file has from now on, beside its place. */
function keepDamaged(file: string, isReadable: boolean): string {
  const kept = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`
  const log = `${file}-wal`
  const hasLog = existsSync(log) && statSync(log).size > 0
  if (hasLog && isReadable) throw new StoreUnavailable(`${log} is still used: end whatever else has the store open`)
  try {
    linkSync(file, kept)
  } catch {
    // Not every file system has links.
    copyFileSync(file, kept)
  }
  if (hasLog) renameSync(log, `${kept}-wal`)
  return kept
}
