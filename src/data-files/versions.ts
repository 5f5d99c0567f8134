/**
 * The versions of the data: `dbmeta.json` of the dump that everybody shares, `dbmeta_local.json` of what this machine
 * has imported.
 */
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DataFileError } from './data-file-error.ts'
import { publish } from './write-documents.ts'

const COLLECTIONS = ['events', 'artist_kpis']

export type VersionFile = 'dbmeta.json' | 'dbmeta_local.json'

/** The version in a file of the folder; null where there is no such file. @throws DataFileError where it is wrong */
export async function readVersion(folder: string, name: VersionFile): Promise<number | null> {
  return (await read(join(folder, name)))?.dbVersion ?? null
}

/** Writes the version; other fields of the file stay. The folder is made where it is missing. */
export async function writeVersion(folder: string, name: VersionFile, dbVersion: number): Promise<void> {
  const file = join(folder, name)
  const meta = { ...((await read(file)) ?? { colecciones: COLLECTIONS }), dbVersion }
  await mkdir(folder, { recursive: true })
  const { dbVersion: version, ...others } = meta
  const handle = await open(`${file}.tmp`, 'w')
  try {
    await handle.writeFile(`${JSON.stringify({ dbVersion: version, ...others }, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await publish(file)
}

async function read(file: string): Promise<{ dbVersion: number } | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new DataFileError(file, null, `can't be read: ${(error as Error).message}`)
  }
  const meta = parse(text)
  if (!meta) throw new DataFileError(file, null, 'must be {"dbVersion": N, "colecciones": […]} with an integer N')
  return meta
}

function parse(text: string): { dbVersion: number } | null {
  try {
    const meta = JSON.parse(text) as { dbVersion?: unknown } | null
    return meta && Number.isSafeInteger(meta.dbVersion) ? (meta as { dbVersion: number }) : null
  } catch {
    return null
  }
}
