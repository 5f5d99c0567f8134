/** Makes the service's own files and folders: readable for its user only, and never written through a link. */
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

/** The files hold what listeners did. */
const OWNER_ONLY = 0o600

/** From now on this process makes files with mode 0600 and folders with 0700. */
export function keepToOwner(): void {
  process.umask(0o077)
}

/**
 * Makes a folder and its missing parents. `mkdir` with `recursive` would try for ever in a file system such as /proc, which
 * reports ENOENT for folders that can't be made.
 * @throws NodeJS.ErrnoException
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return
  const above = dirname(folder)
  if (above !== folder && !existsSync(above)) makeFolder(above)
  makeOwnFolder(folder)
}

/** Makes a folder if it is missing. A link to a folder is an error. @throws NodeJS.ErrnoException */
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
 * Opens a new file for writing, and removes what had its path. Of a link only the link is removed.
 */
export async function createAnew(file: string): Promise<FileHandle> {
  await rm(file, { force: true })
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  return open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY)
}

/** Makes the content of a file, or the names in a folder, durable. */
export function sync(path: string): void {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } catch (error) {
    // Some file systems can't sync folders.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
  } finally {
    closeSync(opened)
  }
}

/** Why a path can't be used as a folder to write into, such as `must be a folder: /a is none`; null where it can. */
export function folderFault(path: string): string | null {
  for (let at = path; ; at = dirname(at)) {
    const found = attempt(() => lstatSync(at))
    if (found === 'ENAMETOOLONG') return 'must have no name that is longer than the file system allows'
    // A missing folder can be made if the one above it can be written.
    if (typeof found === 'string' && at !== dirname(at)) continue
    const meant = attempt(() => statSync(at))
    if (typeof meant === 'string') return `must not lead to a link to nothing: ${at}`
    if (!meant.isDirectory()) return `must be a folder: ${at} is none`
    const isOpen = typeof attempt(() => accessSync(at, constants.W_OK | constants.X_OK)) !== 'string'
    return isOpen ? null : `must be a folder that this user may write to, as ${at} is not`
  }
}

/** The result, or the code of the error. */
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
