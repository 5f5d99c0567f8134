/**
 * Makes and restores back-ups. A back-up is a folder with a copy of the store's file and a manifest that describes the copy.
 * Both are made in a private folder inside, and the manifest is moved last: a folder without one holds no back-up.
 */
import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { createAnew, makeFolder, sync } from '../../files.ts'
import { BackUpFault } from '../storage.ts'
import { type CheckReport, checkFile, type OnChecked } from './check.ts'
import { damageIn, damageOf } from './damage.ts'
import { databaseFile, formatOf, LOCK, lockDirectory, openForReading, requireKnown, restoringOf } from './database.ts'
import { requireHeader } from './header.ts'
import { type KnownEnd, knownEnd } from './last-entry.ts'
import { requireOwnFiles } from './own-files.ts'
import { asUnavailable } from './transaction.ts'

const MANIFEST = 'back-up.json'
const PARTIAL = 'partial-'
const FORMAT = 1
/** Pages of 4 KiB copied at a time. Signals are handled in between. */
const PAGES = 2_000

/** What a back-up holds. */
const Manifest = Type.Object({
  /** Of the back-up. */
  format: Type.Literal(FORMAT),
  /** Of the store in it. */
  storeFormat: Type.Integer({ minimum: 0 }),
  /** ISO 8601. */
  made: Type.String(),
  /** The last entry of the event log. */
  lastSeq: Type.Integer({ minimum: 0 }),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
})
export type Manifest = Type.Static<typeof Manifest>

export interface BackUpProgress {
  /** Called with the number of pages that are copied, and of all. */
  onCopied: (done: number, all: number) => void
  onChecked: OnChecked
}

/**
 * Copies a store as it is at one moment, also beside the service, which goes on writing. The copy is checked as `check-store`
 * does. What is complete is on the disk when it resolves.
 * @throws BackUpFault where the folder holds something, or the store is damaged
 */
export async function backUp(directory: string, folder: string, progress: BackUpProgress): Promise<Manifest> {
  const damage = damageOf(directory)
  if (damage) throw damaged(directory, damage.what)
  makeFolder(folder)
  requireNothingIn(folder)
  const partial = mkdtempSync(join(folder, PARTIAL))
  try {
    const copy = databaseFile(partial)
    const known = knownEnd(directory, databaseFile(directory))
    const storeFormat = await copyStore(directory, copy, progress.onCopied)
    const { end } = requireSound(copy, known, progress.onChecked)
    const content = { ...(await contentOf(copy)), storeFormat, lastSeq: end }
    const manifest: Manifest = { format: FORMAT, made: new Date().toISOString(), ...content }
    await write(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
    sync(copy)
    renameSync(copy, databaseFile(folder))
    renameSync(join(partial, MANIFEST), join(folder, MANIFEST))
    return manifest
  } catch (error) {
    const what = damageIn(error)
    throw what === null ? asUnavailable(error) : damaged(directory, what)
  } finally {
    rmSync(partial, { recursive: true, force: true })
    sync(folder)
  }
}

/**
 * Puts the store of a back-up into an empty directory, checked as when it was made.
 * @throws BackUpFault where the folder holds no complete back-up, or the directory is not empty
 * @throws StoreInUse
 */
export async function restore(directory: string, folder: string, onChecked: OnChecked): Promise<Manifest> {
  const manifest = readManifest(folder)
  makeFolder(directory)
  requireEmpty(directory)
  const lock = lockDirectory(directory)
  try {
    // Another process may have restored a store before the lock was taken.
    requireEmpty(directory)
    const file = databaseFile(directory)
    await copyContent(databaseFile(folder), restoringOf(file), manifest)
    const { end } = requireSound(restoringOf(file), { lastSeq: manifest.lastSeq, missing: null }, onChecked)
    if (end !== manifest.lastSeq)
      throw new BackUpFault(`the back-up in ${folder} ends with entry ${end}, not ${manifest.lastSeq}`)
    renameSync(restoringOf(file), file)
    sync(directory)
    return manifest
  } finally {
    lock.close()
  }
}

const damaged = (directory: string, what: string) =>
  new BackUpFault(`the store in ${directory} is damaged (${what}): start the service anew first`)

function requireNothingIn(folder: string): void {
  const [name] = readdirSync(folder)
  if (name === undefined) return
  const what = name.startsWith(PARTIAL) ? `a back-up that is not finished (${name})` : `something already (${name})`
  throw new BackUpFault(`${folder} holds ${what}: name a folder that is empty or not there`)
}

/** The files that an interrupted restore has left do not count, because they are overwritten. */
function requireEmpty(directory: string): void {
  const isOfRestore = (name: string) => join(directory, name).startsWith(restoringOf(databaseFile(directory)))
  const others = readdirSync(directory).filter(name => !isOfRestore(name) && !name.startsWith(LOCK))
  if (others.length === 0) return
  throw new BackUpFault(
    `the data directory ${directory} is not empty (${others[0]}): stop the service, and move the directory away or set another DATA_DIR`,
  )
}

/** Copies one snapshot: else SQLite would start again with each commit of the service. Returns the store's format. */
async function copyStore(directory: string, copy: string, onCopied: BackUpProgress['onCopied']): Promise<number> {
  requireOwnFiles(directory)
  requireHeader(databaseFile(directory))
  const source = openForReading(directory)
  try {
    const format = formatOf(source)
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(source, copy, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => onCopied(totalPages - remainingPages, totalPages),
    })
    closeCopy(copy)
    return format
  } finally {
    source.close()
  }
}

/** Makes the copy one file without a write-ahead log, of a store that is not open. */
function closeCopy(file: string): void {
  const copy = new DatabaseSync(file)
  try {
    copy.exec('PRAGMA journal_mode = DELETE; PRAGMA application_id = 0')
  } finally {
    copy.close()
  }
}

function requireSound(file: string, known: KnownEnd, onChecked: OnChecked): CheckReport {
  const report = checkFile(file, known, onChecked)
  if (report.count > 0) throw new BackUpFault(`what was copied is damaged: ${report.problems.slice(0, 5).join('; ')}`)
  return report
}

function readManifest(folder: string): Manifest {
  const manifest = parsedManifest(folder)
  const format = (manifest as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > FORMAT) {
    throw new BackUpFault(
      `the back-up in ${folder} was made by a newer version (format ${format}, this one knows ${FORMAT}): use that version`,
    )
  }
  if (!Value.Check(Manifest, manifest)) {
    throw new BackUpFault(`the back-up in ${folder} has a ${MANIFEST} that this version does not know`)
  }
  requireKnown(manifest.storeFormat, `the back-up in ${folder}`)
  return manifest
}

function parsedManifest(folder: string): unknown {
  let text: string
  try {
    requireFile(join(folder, MANIFEST))
    text = readFileSync(join(folder, MANIFEST), 'utf8')
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is none, or it was not finished'
        : (error as Error).message
    throw new BackUpFault(`${folder} holds no back-up with a ${MANIFEST}: ${why}`)
  }
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Opening a pipe would wait for ever. */
function requireFile(file: string): void {
  if (!lstatSync(file).isFile()) throw new BackUpFault(`${file} is no file`)
}

async function contentOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** @throws BackUpFault where the file is not what the manifest describes */
async function copyContent(from: string, to: string, { bytes, sha256 }: Manifest): Promise<void> {
  requireFile(from)
  const found = await contentOf(from)
  if (found.bytes !== bytes || found.sha256 !== sha256)
    throw new BackUpFault(`${from} is not what ${MANIFEST} says of it`)
  await write(to, createReadStream(from))
}

async function write(file: string, content: string | Readable): Promise<void> {
  const target = await createAnew(file)
  try {
    await writeFile(target, content)
    await target.sync()
  } finally {
    await target.close()
  }
}
