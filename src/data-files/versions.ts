/** The versions of the data: `dbmeta.json` of the shared dump, `dbmeta_local.json` of what this machine has imported. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../files.ts'
import { DataFileError } from './findings.ts'
import { writeText } from './write-documents.ts'

const COLLECTIONS = ['events', 'artist_kpis']

export const VERSION_FILES = ['dbmeta.json', 'dbmeta_local.json'] as const

type VersionFile = (typeof VERSION_FILES)[number]

/** The version in a file of the folder; null where there is no such file. @throws DataFileError where it has no version */
export async function readVersion(folder: string, name: VersionFile): Promise<number | null> {
  return (await read(join(folder, name)))?.dbVersion ?? null
}

/** Writes the version into a temporary file, for `publish`; other fields of the file stay. Makes the folder where it is missing. */
export async function writeVersion(folder: string, name: VersionFile, dbVersion: number): Promise<void> {
  const file = join(folder, name)
  const { dbVersion: _before, ...others } = (await read(file)) ?? { dbVersion, colecciones: COLLECTIONS }
  makeFolder(folder)
  await writeText(file, `${JSON.stringify({ dbVersion, ...others }, null, 2)}\n`)
}

async function read(file: string): Promise<{ dbVersion: number } | null> {
  let text: string
  try {
    // Opening a pipe would wait for its writer.
    if (!(await stat(file)).isFile()) throw new Error('it is no file')
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
