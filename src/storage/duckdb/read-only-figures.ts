/**
 * Reads figures that no process writes: those of a stopped service, or a copy of those of a running one. They are attached
 * for reading only, so that SQL can join several of them and can change none.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type CatalogueRow, type Checkpoint, FIGURES_FORMAT, FiguresDamaged } from '../figures.ts'
import { Dictionary } from '../sqlite/dictionary.ts'
import { StoreMissing } from '../storage.ts'
import { asFiguresFault } from './faults.ts'
import { type FiguresSettings, quoted, RETURNS_MEMORY } from './figures-file.ts'
import { dictionaryFile, figuresFile } from './file-names.ts'
import { NO_DICTIONARY, Reading } from './reading.ts'

/** How far figures go. */
export interface Contents {
  checkpoint: Checkpoint
  recordsUpTo: number
  namesUpTo: number
}

export class ReadOnlyFigures {
  readonly connection: DuckDBConnection
  readonly reading: Reading
  readonly #instance: DuckDBInstance

  /** `spill` is the folder for data that does not fit into memory. */
  static async open(spill: string, { memory, threads }: FiguresSettings): Promise<ReadOnlyFigures> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: memory,
      threads: String(threads),
      temp_directory: join(spill, 'spill'),
      preserve_insertion_order: 'false',
      ...RETURNS_MEMORY,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    return new ReadOnlyFigures(instance, await instance.connect())
  }

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.connection = connection
    this.reading = new Reading(connection, NO_DICTIONARY)
  }

  /** Attaches the figures of a folder under a name. @throws StoreMissing where they can't be read */
  async attach(folder: string, name: string): Promise<Contents> {
    if (!existsSync(figuresFile(folder))) throw unusable(folder, 'there are none')
    try {
      await this.connection.run(`ATTACH ${quoted(figuresFile(folder))} AS ${name} (READ_ONLY)`)
      const reader = await this.connection.runAndReadAll(`FROM ${name}.checkpoint`)
      const [row] = reader.getRowObjectsJS()
      if (row?.format !== FIGURES_FORMAT) throw unusable(folder, 'they were made by another version of the service')
      if (row.dictionary !== tokenOf(folder)) throw unusable(folder, 'their dictionary is missing')
      return {
        checkpoint: { seq: Number(row.seq), eventId: row.event_id as string | null },
        recordsUpTo: Number(row.records_up_to),
        namesUpTo: Number(row.names_up_to),
      }
    } catch (error) {
      throw asFiguresFault(error) instanceof FiguresDamaged ? unusable(folder, 'their file is damaged') : error
    }
  }

  /** The catalogue records of these entities in the attached figures. */
  recordsOf(name: string, entities: readonly string[]): Promise<CatalogueRow[]> {
    return this.reading.rows<CatalogueRow>(
      `WITH texts AS (SELECT id, kind || ':' || text AS text FROM ${name}.names)
       SELECT entity.text AS entity, kind, artist.text AS artist, name.text AS name, label, genre.text AS genre,
         title.text AS title, released, coalesce(listed.tracks, []) AS tracks, asked_at AS "askedAt"
       FROM ${name}.catalogue AS record JOIN texts AS entity ON entity.id = record.entity
       LEFT JOIN texts AS artist ON artist.id = record.artist
       LEFT JOIN texts AS name ON name.id = record.name
       LEFT JOIN texts AS genre ON genre.id = record.genre
       LEFT JOIN texts AS title ON title.id = record.title
       LEFT JOIN (
         SELECT album, list({'track': track.text, 'title': title.text}) AS tracks
         FROM ${name}.catalogue_tracks AS listed
         JOIN texts AS track ON track.id = listed.track JOIN texts AS title ON title.id = listed.title
         GROUP BY album
       ) AS listed ON listed.album = record.entity
       WHERE entity.text IN (SELECT unnest($entities))`,
      { entities },
    )
  }

  /** From now on SQL can change no settings, and reach no files except those in `folder`. */
  async seal(folder?: string): Promise<void> {
    if (folder !== undefined) await this.connection.run(`SET allowed_directories = [${quoted(folder)}]`)
    await this.connection.run('SET enable_external_access = false')
    await this.connection.run('SET lock_configuration = true')
  }

  close(): void {
    this.connection.closeSync()
    this.#instance.closeSync()
  }
}

/** The token of the dictionary beside the figures; undefined where there is none. */
function tokenOf(folder: string): string | undefined {
  if (!existsSync(dictionaryFile(folder))) return undefined
  const dictionary = Dictionary.openForReading(dictionaryFile(folder))
  dictionary.close()
  return dictionary.token
}

export const unusable = (folder: string, why: string): StoreMissing =>
  new StoreMissing(
    `the figures in ${folder} cannot be read: ${why}. Start the service or run rebuild, which make them anew`,
  )
