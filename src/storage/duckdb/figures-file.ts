/** Opens `figures.duckdb` and the dictionary beside it. Files that can't be continued are removed, and new ones are begun. */
import { constants, existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { makeFolder, makeOwnFolder } from '../../files.ts'
import { type Checkpoint, FIGURES_FORMAT, FiguresDamaged } from '../figures.ts'
import { Dictionary, type Numbered } from '../sqlite/dictionary.ts'
import { StoreInUse, StoreUnavailable } from '../storage.ts'
import { asFiguresFault } from './faults.ts'
import { dictionaryFile, figuresFile, removeFigures, spillFolder, WAL } from './file-names.ts'
import { ROW_GROUP_SIZE, SCHEMA } from './schema.ts'

/** The name under which the file is attached. */
export const DATABASE = 'figures'

/** The share of its memory that DuckDB counts and limits. Buffers of its statements use the rest. */
const COUNTED = 7 / 8

/** Memory that a question has used is returned to the system: else the process keeps 100 MB and more. */
export const RETURNS_MEMORY = {
  allocator_flush_threshold: '1MB',
  allocator_bulk_deallocation_flush_threshold: '1MB',
}

export interface FiguresSettings {
  /** The memory that DuckDB may use, such as `192MB`. */
  memory: string
  threads: number
}

export interface OpenFile {
  instance: DuckDBInstance
  /** The connection that writes. */
  connection: DuckDBConnection
  dictionary: Dictionary
  checkpoint: Checkpoint
  recordsUpTo: number
  /** Strings that are not in the table `names` yet. */
  unnamed: Numbered[]
  begunAnew: string | null
}

/**
 * Opens the figures of a directory. New ones are begun where they are missing or damaged, where they belong to another
 * version or dictionary, and where the log does not contain their checkpoint (`isOf`).
 * @throws StoreUnavailable, StoreInUse where they can't be used now
 */
export async function openFile(
  directory: string,
  settings: FiguresSettings,
  isOf: (checkpoint: Checkpoint, recordsUpTo: number) => Promise<boolean>,
): Promise<OpenFile> {
  makeFolder(directory)
  if (!existsSync(figuresFile(directory))) return begin(directory, settings, 'there are none yet')
  const found = await tryOpen(directory, settings)
  if (typeof found === 'string') return begin(directory, settings, found)
  try {
    if (await isOf(found.checkpoint, found.recordsUpTo)) return found
  } catch (error) {
    closeFile(found)
    throw error
  }
  closeFile(found)
  return begin(directory, settings, 'they are those of another event log')
}

/** A text as a literal of SQL, for file names, which can't be bound as parameters. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

export function closeFile({ instance, connection, dictionary }: OpenFile): void {
  connection.closeSync()
  instance.closeSync()
  dictionary.close()
}

async function begin(directory: string, settings: FiguresSettings, why: string): Promise<OpenFile> {
  removeFigures(directory)
  const dictionary = Dictionary.open(dictionaryFile(directory))
  let attached: Attached | undefined
  try {
    attached = await attach(directory, settings)
    const { connection } = attached
    await connection.run('BEGIN')
    await connection.run(SCHEMA)
    await connection.run(`INSERT INTO checkpoint VALUES (${FIGURES_FORMAT}, '${dictionary.token}', 0, NULL, 0, 0)`)
    await connection.run('COMMIT')
    const checkpoint = { seq: 0, eventId: null }
    return { ...attached, dictionary, checkpoint, recordsUpTo: 0, unnamed: [], begunAnew: why }
  } catch (error) {
    close(attached, dictionary)
    throw asFiguresFault(error)
  }
}

/** Copies the file and its write-ahead log, while nothing writes. A checkpoint first would have to wait for questions. */
export async function copyFigures(directory: string, folder: string): Promise<void> {
  makeOwnFolder(folder)
  removeFigures(folder)
  for (const suffix of ['', WAL]) {
    const file = figuresFile(directory) + suffix
    if (existsSync(file)) await copyFile(file, figuresFile(folder) + suffix, constants.COPYFILE_FICLONE)
  }
}

/** Returns the open file, or the reason why it can't be continued. */
async function tryOpen(directory: string, settings: FiguresSettings): Promise<OpenFile | string> {
  let dictionary: Dictionary | undefined
  let attached: Attached | undefined
  try {
    dictionary = Dictionary.open(dictionaryFile(directory))
    attached = await attach(directory, settings)
    const reader = await attached.connection.runAndReadAll('FROM checkpoint')
    const [row] = reader.getRowObjectsJS()
    if (row?.format === FIGURES_FORMAT && row.dictionary === dictionary.token) {
      const eventId = row.event_id as string | null
      const checkpoint = { seq: Number(row.seq), eventId }
      const recordsUpTo = Number(row.records_up_to)
      const unnamed = dictionary.after(row.names_up_to as number)
      return { ...attached, dictionary, checkpoint, recordsUpTo, unnamed, begunAnew: null }
    }
    close(attached, dictionary)
    return row?.format === FIGURES_FORMAT
      ? 'their dictionary is missing'
      : 'they were made by another version of the service'
  } catch (error) {
    close(attached, dictionary)
    const fault = asFiguresFault(error)
    // The files may be intact, so they are kept.
    if (fault instanceof StoreUnavailable || fault instanceof StoreInUse) throw fault
    return fault instanceof FiguresDamaged
      ? 'their file is damaged'
      : `they cannot be read: ${String(fault).split('\n')[0]}`
  }
}

function close(attached: Attached | undefined, dictionary: Dictionary | undefined): void {
  attached?.connection.closeSync()
  attached?.instance.closeSync()
  dictionary?.close()
}

interface Attached {
  instance: DuckDBInstance
  connection: DuckDBConnection
}

/** Attaches the file, which sets the size of its row groups. Afterwards SQL can reach no other file. */
async function attach(directory: string, { memory, threads }: FiguresSettings): Promise<Attached> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(Number.parseInt(memory, 10) * COUNTED)}MB`,
    threads: String(threads),
    temp_directory: spillFolder(directory),
    ...RETURNS_MEMORY,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // A plan made with the statistics of a table misses rows that come later, and prepared statements keep it
    // (https://github.com/duckdb/duckdb/pull/24696).
    disabled_optimizers: 'statistics_propagation',
  })
  try {
    const connection = await instance.connect()
    // Else the limit is the free space at the time when DuckDB spills first. Set with the options above it has no effect.
    await connection.run(`SET max_temp_directory_size = '1TB'`)
    await connection.run(`ATTACH ${quoted(figuresFile(directory))} AS ${DATABASE} (ROW_GROUP_SIZE ${ROW_GROUP_SIZE})`)
    await connection.run('SET enable_external_access = false')
    await connection.run('SET lock_configuration = true')
    await connection.run(`USE ${DATABASE}`)
    return { instance, connection }
  } catch (error) {
    instance.closeSync()
    throw error
  }
}
