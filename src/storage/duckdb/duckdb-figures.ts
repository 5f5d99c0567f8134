/** The figures in DuckDB: one file that one process opens, on one thread. DuckDB has further threads of its own. */
import { BIGINT, type DuckDBConnection, ENUM, INTEGER, VARCHAR } from '@duckdb/node-api'
import type { EntityRef } from '../../identity/entity-ref.ts'
import type { AskOptions, CatalogueRow, Changes, Checkpoint, EventFacts, Figures, Snapshot } from '../figures.ts'
import { type Numbered, writable } from '../sqlite/dictionary.ts'
import { appendRows } from './append.ts'
import { ChangedEntities } from './changed-entities.ts'
import { FactBatch } from './fact-batch.ts'
import { asFiguresFault } from './faults.ts'
import { closeFile, copyFigures, DATABASE, type FiguresSettings, type OpenFile, openFile } from './figures-file.ts'
import { dictionaryFile } from './file-names.ts'
import { appendNames } from './names.ts'
import { Questions } from './questions.ts'
import { Reading } from './reading.ts'
import { Sorting } from './sorting.ts'
import { StatementGate } from './statement-gate.ts'
import { UnambiguousKeys } from './unambiguous-keys.ts'

/** Finds the owners of all keys that a change of the keys `touched` can concern; keys and owners are numbers. */
export type Resolve = (reads: Snapshot, touched: readonly number[]) => Promise<Map<number, number>>

export interface FiguresOptions extends FiguresSettings {
  resolve: Resolve
  /** Whether the log contains this checkpoint, and the documents contain catalogue records up to this order. */
  isOf: (checkpoint: Checkpoint, recordsUpTo: number) => Promise<boolean>
}

/** Opens the figures of a directory. Where they can't be continued, new ones are begun. */
export async function openDuckdbFigures(directory: string, options: FiguresOptions): Promise<DuckdbFigures> {
  const file = await openFile(directory, options, options.isOf)
  return new DuckdbFigures(directory, file, options.resolve)
}

const RECORD_KIND = ENUM(['album', 'artist', 'alias'])

export class DuckdbFigures implements Figures {
  readonly begunAnew: string | null
  readonly #directory: string
  readonly #file: OpenFile
  readonly #resolve: Resolve
  readonly #reading: Reading
  readonly #questions: Questions
  readonly #sorting: Sorting
  readonly #unambiguous = new UnambiguousKeys()
  readonly #changed: ChangedEntities
  #checkpoint: Checkpoint
  #recordsUpTo: number
  /** Strings that have a number and are not in the table `names` yet. */
  #unnamed: Numbered[]
  /** The last write: writes run one after the other, on one connection. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(directory: string, file: OpenFile, resolve: Resolve) {
    this.#directory = directory
    this.#file = file
    this.#resolve = resolve
    this.begunAnew = file.begunAnew
    this.#checkpoint = file.checkpoint
    this.#recordsUpTo = file.recordsUpTo
    this.#changed = new ChangedEntities(this.#state)
    this.#reading = new Reading(file.connection, file.dictionary)
    const gate = new StatementGate()
    this.#questions = new Questions(file.instance, DATABASE, file.dictionary, gate)
    this.#sorting = new Sorting(file.instance, DATABASE, commit => this.#inTurn(() => gate.commit(commit)))
    this.#unnamed = file.unnamed
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint
  }

  get recordsUpTo(): number {
    return this.#recordsUpTo
  }

  apply(slices: AsyncIterable<readonly EventFacts[]>, upTo: Checkpoint): Promise<void> {
    return this.#inTurn(async () => {
      const batch = new FactBatch(this.#file.dictionary)
      for await (const slice of slices) batch.add(slice)
      const touched = batch.touched(this.#unambiguous)
      await this.#write(async connection => {
        await batch.append(this.#reading)
        await this.#attribute(touched)
        await connection.run('UPDATE checkpoint SET seq = $seq, event_id = $id', {
          seq: BigInt(upTo.seq),
          id: upTo.eventId,
        })
      })
      this.#checkpoint = { ...upTo }
      this.#changed.add(batch.sources())
      if (touched.length > 0) await this.#unambiguous.update(this.#reading, touched)
    })
  }

  applyRecords(records: readonly CatalogueRow[], upTo: number): Promise<void> {
    return this.#inTurn(async () => {
      const idOf = this.#numbersOf(records)
      const latest = [...new Map(records.map(record => [idOf(record.entity), record])).values()]
      await this.#write(async connection => {
        const entities = latest.map(({ entity }) => idOf(entity))
        const before = await this.#reading.rows<{ name: number | null; artist: number | null }>(
          'DELETE FROM catalogue WHERE entity IN (SELECT unnest($entities)) RETURNING name, artist',
          { entities },
        )
        const listed = await this.#reading.rows<{ track: number }>(
          'DELETE FROM catalogue_tracks WHERE album IN (SELECT unnest($entities)) RETURNING track',
          { entities },
        )
        await appendRecords(connection, latest, idOf)
        const tracks = latest.flatMap(({ tracks }) => tracks.map(({ track }) => idOf(track)))
        this.#changed.add([...entities, ...tracks, ...listed.map(({ track }) => track)])
        const named = latest.flatMap(({ name }) => (name === null ? [] : [idOf(name)]))
        const lost = before.flatMap(({ name, artist }) => [name, artist]).filter(id => id !== null)
        await this.#attribute([...new Set([...entities, ...named, ...lost])])
        await connection.run('UPDATE checkpoint SET records_up_to = $upTo', { upTo: BigInt(upTo) })
      })
      this.#recordsUpTo = upTo
    })
  }

  takeChanges(): Changes {
    return this.#changed.take(this.#state)
  }

  ask<T>(question: (reads: Snapshot) => Promise<T>, options?: AskOptions): Promise<T> {
    return this.#questions.ask(question, options)
  }

  tidy(): Promise<boolean> {
    return this.#sorting.step()
  }

  copyTo(folder: string): Promise<Checkpoint> {
    // Sorting comes first, for its commit needs a turn.
    return this.#sorting.paused(() =>
      this.#inTurn(async () => {
        await copyFigures(this.#directory, folder)
        await this.#file.dictionary.copyTo(dictionaryFile(folder))
        return this.#checkpoint
      }),
    )
  }

  async close(): Promise<void> {
    try {
      await this.#sorting.close()
      await this.#last
      await this.#questions.close()
    } finally {
      closeFile(this.#file)
    }
  }

  get #state() {
    return { seq: this.#checkpoint.seq, recordsUpTo: this.#recordsUpTo }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }

  /** Writes in one transaction. The numbers of strings are on disk before the rows that use them. */
  async #write(work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    const { connection, dictionary } = this.#file
    this.#unnamed = [...this.#unnamed, ...(await dictionary.commit())]
    try {
      await connection.run('BEGIN')
      if (this.#unnamed.length > 0) {
        await appendNames(connection, this.#unnamed)
        await connection.run('UPDATE checkpoint SET names_up_to = $upTo', { upTo: this.#unnamed.at(-1)!.id })
      }
      await work(connection)
      await connection.run('COMMIT')
      this.#unnamed = []
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => {})
      throw asFiguresFault(error)
    }
  }

  /** Gives numbers to all entities that the records name. */
  #numbersOf(records: readonly CatalogueRow[]): (entity: EntityRef) => number {
    const { dictionary } = this.#file
    const entities = records.flatMap(({ entity, artist, name, genre, title, tracks }) => {
      const listed = tracks.flatMap(({ track, title }) => [track, title])
      return [entity, artist, name, genre, title, ...listed]
    })
    dictionary.tidy()
    dictionary.add(new Set(entities.filter(entity => entity !== null).map(writable)))
    return entity => dictionary.known(writable(entity))!
  }

  /** Updates the owners of keys; writes only those that have changed. */
  async #attribute(touched: readonly number[]): Promise<void> {
    if (touched.length === 0) return
    const owners = await this.#resolve(this.#reading, touched)
    const keys = [...owners.keys()]
    const rows = await this.#reading.rows<{ key: number; owner: number }>(
      'SELECT key, owner FROM attribution WHERE key IN (SELECT unnest($keys))',
      { keys },
    )
    const before = new Map(rows.map(({ key, owner }) => [key, owner]))
    const changed = [...owners].filter(([key, owner]) => (before.get(key) ?? key) !== owner)
    if (changed.length === 0) return
    this.#changed.add(changed.map(([key]) => key))
    await this.#reading.rows('DELETE FROM attribution WHERE key IN (SELECT unnest($keys))', {
      keys: changed.map(([key]) => key),
    })
    const others = changed.filter(([key, owner]) => key !== owner)
    await appendRows(this.#file.connection, 'attribution', [
      { type: INTEGER, values: others.map(([key]) => key) },
      { type: INTEGER, values: others.map(([, owner]) => owner) },
    ])
  }
}

async function appendRecords(
  connection: DuckDBConnection,
  records: readonly CatalogueRow[],
  idOf: (entity: EntityRef) => number,
): Promise<void> {
  const orNull = (entity: EntityRef | null) => (entity === null ? null : idOf(entity))
  await appendRows(connection, 'catalogue', [
    { type: INTEGER, values: records.map(({ entity }) => idOf(entity)) },
    { type: RECORD_KIND, values: records.map(({ kind }) => kind) },
    { type: INTEGER, values: records.map(({ artist }) => orNull(artist)) },
    { type: INTEGER, values: records.map(({ name }) => orNull(name)) },
    { type: VARCHAR, values: records.map(({ label }) => label && writable(label)) },
    { type: INTEGER, values: records.map(({ genre }) => orNull(genre)) },
    { type: INTEGER, values: records.map(({ title }) => orNull(title)) },
    { type: VARCHAR, values: records.map(({ released }) => released) },
    { type: BIGINT, values: records.map(({ askedAt }) => BigInt(askedAt)) },
  ])
  const listed = records.flatMap(({ entity, tracks }) => tracks.map(track => ({ album: entity, ...track })))
  await appendRows(connection, 'catalogue_tracks', [
    { type: INTEGER, values: listed.map(({ album }) => idOf(album)) },
    { type: INTEGER, values: listed.map(({ track }) => idOf(track)) },
    { type: INTEGER, values: listed.map(({ title }) => idOf(title)) },
  ])
}
