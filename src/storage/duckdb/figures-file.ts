/** Opening `figures.duckdb` and the dictionary beside it: what can't be gone on with is dropped, for it can be made again. */
import { constants, existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { makeFolder, makeOwnFolder } from '../../files.ts'
import { type Checkpoint, FiguresDamaged } from '../figures.ts'
import { Dictionary, type Numbered } from '../sqlite/dictionary.ts'
import { StoreInUse, StoreUnavailable } from '../storage.ts'
import { asFiguresFault } from './faults.ts'
import { dictionaryFile, figuresFile, removeFigures, spillFolder, WAL } from './file-names.ts'
import { FORMAT, ROW_GROUP_SIZE, SCHEMA } from './schema.ts'

/** What the instance calls the file. */
export const DATABASE = 'figures'

/** The part of its memory that DuckDB counts and limits; buffers of its statements come on top. */
const COUNTED = 7 / 8

export interface FiguresSettings {
  /** What DuckDB may use, such as `192MB`. */
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
  /** Strings that the table `names` does not have yet. */
  unnamed: Numbered[]
  begunAnew: string | null
}

/**
 * Opens the figures of a directory. Where they are missing, damaged, or those of another version or dictionary, or where
 * `isOf` says that their checkpoint is not one of the log, they are begun anew.
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

/** Names of files can't be bound. */
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
    await connection.run(`INSERT INTO checkpoint VALUES (${FORMAT}, '${dictionary.token}', 0, NULL, 0, 0)`)
    await connection.run('COMMIT')
    const checkpoint = { seq: 0, eventId: null }
    return { ...attached, dictionary, checkpoint, recordsUpTo: 0, unnamed: [], begunAnew: why }
  } catch (error) {
    close(attached, dictionary)
    throw asFiguresFault(error)
  }
}

/**
 * Copies the file, while nothing writes, with what its write-ahead log has: a checkpoint would have to wait for questions.
 */
export async function copyFigures(directory: string, folder: string): Promise<void> {
  makeOwnFolder(folder)
  removeFigures(folder)
  for (const suffix of ['', WAL]) {
    const file = figuresFile(directory) + suffix
    if (existsSync(file)) await copyFile(file, figuresFile(folder) + suffix, constants.COPYFILE_FICLONE)
  }
}

/** The open file, or why it can't be gone on with. */
async function tryOpen(directory: string, settings: FiguresSettings): Promise<OpenFile | string> {
  let dictionary: Dictionary | undefined
  let attached: Attached | undefined
  try {
    dictionary = Dictionary.open(dictionaryFile(directory))
    attached = await attach(directory, settings)
    const reader = await attached.connection.runAndReadAll('FROM checkpoint')
    const [row] = reader.getRowObjectsJS()
    if (row?.format === FORMAT && row.dictionary === dictionary.token) {
      const eventId = row.event_id as string | null
      const checkpoint = { seq: Number(row.seq), eventId }
      const recordsUpTo = Number(row.records_up_to)
      const unnamed = dictionary.after(row.names_up_to as number)
      return { ...attached, dictionary, checkpoint, recordsUpTo, unnamed, begunAnew: null }
    }
    close(attached, dictionary)
    return row?.format === FORMAT ? 'their dictionary is missing' : 'they were made by another version of the service'
  } catch (error) {
    close(attached, dictionary)
    const fault = asFiguresFault(error)
    // They may be all right: that is no reason to count everything again.
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

/** SQL can reach no file but the figures' own; only by attaching them can the size of their row groups be chosen. */
async function attach(directory: string, { memory, threads }: FiguresSettings): Promise<Attached> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(Number.parseInt(memory, 10) * COUNTED)}MB`,
    threads: String(threads),
    temp_directory: spillFolder(directory),
    // What a question has used goes back to the system: else 100 MB and more stay with the process.
    allocator_flush_threshold: '1MB',
    allocator_bulk_deallocation_flush_threshold: '1MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // A plan that was made with the statistics of a table forgets rows that came later, and is kept for the next question
    // (https://github.com/duckdb/duckdb/pull/24696).
    disabled_optimizers: 'statistics_propagation',
  })
  try {
    const connection = await instance.connect()
    // Else it is the room that there is when something is spilled first, whatever there is later. DuckDB forgets it where
    // it is set with the others.
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
