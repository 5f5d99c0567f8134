/**
 * Folders and files that are this service's own: made for its user alone, and never written through a link that leads
 * somewhere else.
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** They hold what listeners did. */
const OWNER_ONLY = 0o600

/** From now on, all that this process makes is readable for its user alone: 0600 for files, 0700 for folders. */
export function keepToOwner(): void {
  process.umask(0o077)
}

/**
 * Makes a folder, and those above it, where they are missing. Each is tried once: `mkdir` with `recursive` tries for ever
 * where a file system such as /proc says of a folder that can't be made that it is not there.
 * @throws NodeJS.ErrnoException
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return
  const above = dirname(folder)
  if (above !== folder && !existsSync(above)) makeFolder(above)
  makeOwnFolder(folder)
}

/** Makes a folder where there is none; a link to one is no folder. @throws NodeJS.ErrnoException */
export function makeOwnFolder(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process may have made it meanwhile.
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && lstatSync(folder).isDirectory()
    if (!isThere) throw error
  }
}

/**
 * Opens a file for writing that takes the place of what has its name. Where that is a link, the link goes, and what it leads
 * to stays as it is.
 */
export async function createAnew(file: string): Promise<FileHandle> {
  await rm(file, { force: true })
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  return open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY)
}

/** Makes what was written to a file, or the names in a folder, durable. */
export function sync(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } catch (error) {
    // Some file systems have no such thing for a folder.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  } finally {
    closeSync(opened)
  }
}

/** Why a path can't be a folder to write into, to be read behind the name of what it is; null where it can. Makes nothing. */
export function folderFault(path: string): string | null {
  for (let at = path; ; at = dirname(at)) {
    const found = attempt(() => lstatSync(at))
    if (found === 'ENAMETOOLONG') return 'must have no name that is longer than the file system allows'
    // What is not there can be made, so that the folder above it decides.
    if (typeof found === 'string' && at !== dirname(at)) continue
    const meant = attempt(() => statSync(at))
    if (typeof meant === 'string') return `must not lead to a link to nothing: ${at}`
    if (!meant.isDirectory()) return `must be a folder: ${at} is none`
    const isOpen = typeof attempt(() => accessSync(at, constants.W_OK | constants.X_OK)) !== 'string'
    return isOpen ? null : `must be a folder that this user may write to, as ${at} is not`
  }
}

/** What is found, or the code of the error. */
function attempt<T>(look: () => T): T | string {
  try {
    return look()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
