/** Reads from one connection: with prepared statements, named parameters, and rows as plain objects. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  SQLNULL,
  VARCHAR,
} from '@duckdb/node-api'
import { type EntityKind, type EntityRef, entityRef } from '../../identity/entity-ref.ts'
import type { Checkpoint, Column, Parameter, Snapshot } from '../figures.ts'
import type { Dictionary } from '../sqlite/dictionary.ts'
import { asFiguresFault } from './faults.ts'
import './byte-order-marks.ts'
import { listenerText } from './names.ts'
import { StatementGate } from './statement-gate.ts'

/** How many statements a connection keeps prepared. */
const PREPARED = 64

/** For connections that do not look up numbers of strings. */
export const NO_DICTIONARY = { idOf: () => undefined }

export class Reading implements Snapshot {
  readonly connection: DuckDBConnection
  #dictionary: Pick<Dictionary, 'idOf'>
  readonly #gate: StatementGate
  #prepared = new Map<string, DuckDBPreparedStatement>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(connection: DuckDBConnection, dictionary: Pick<Dictionary, 'idOf'>, gate = new StatementGate()) {
    this.connection = connection
    this.#dictionary = dictionary
    this.#gate = gate
  }

  async checkpoint(): Promise<Checkpoint> {
    const [row] = await this.rows<Checkpoint>('SELECT seq, event_id AS "eventId" FROM checkpoint')
    return row!
  }

  /** Runs one statement after the other, because a prepared statement holds the parameters of one run. */
  rows<Row>(sql: string, parameters: Readonly<Record<string, Parameter>> = {}): Promise<Row[]> {
    const rows = this.#last.then(() => this.#gate.statement(() => this.#rows<Row>(sql, parameters)))
    this.#last = rows.catch(() => {})
    return rows
  }

  columns(
    sql: string,
    parameters: Readonly<Record<string, Parameter>>,
    take: (columns: readonly Column[]) => void,
  ): Promise<void> {
    const taken = this.#last.then(() => this.#gate.statement(() => this.#columns(sql, parameters, take)))
    this.#last = taken.catch(() => {})
    return taken
  }

  idsOf<Ref extends EntityRef>(entities: readonly Ref[]): Map<Ref, number> {
    const ids = new Map<Ref, number>()
    for (const entity of entities) {
      const id = this.#dictionary.idOf(entity)
      if (id !== undefined) ids.set(entity, id)
    }
    return ids
  }

  listenerIdOf(userId: string): number | undefined {
    return this.#dictionary.idOf(listenerText(userId))
  }

  async entitiesOf(ids: readonly number[]): Promise<Map<number, EntityRef>> {
    if (ids.length === 0) return new Map()
    const rows = await this.rows<{ id: number; kind: EntityKind; text: string }>(
      'SELECT id, kind, text FROM names WHERE id IN (SELECT unnest($ids))',
      { ids: [...new Set(ids)] },
    )
    return new Map(rows.map(({ id, kind, text }) => [id, entityRef(kind, text)]))
  }

  async #rows<Row>(sql: string, parameters: Readonly<Record<string, Parameter>>): Promise<Row[]> {
    try {
      const statement = await this.#bound(sql, parameters)
      const reader = await statement.runAndReadAll()
      return reader.getRowObjectsJS().map(withNumbers) as Row[]
    } catch (error) {
      throw asFiguresFault(error)
    }
  }

  async #columns(
    sql: string,
    parameters: Readonly<Record<string, Parameter>>,
    take: (columns: readonly Column[]) => void,
  ): Promise<void> {
    try {
      const statement = await this.#bound(sql, parameters)
      for await (const chunk of await statement.stream()) take(chunk.getColumns() as Column[])
    } catch (error) {
      throw asFiguresFault(error)
    }
  }

  async #bound(sql: string, parameters: Readonly<Record<string, Parameter>>): Promise<DuckDBPreparedStatement> {
    const statement = await this.#statement(withLists(sql, parameters))
    for (const [name, value] of Object.entries(parameters)) {
      const [bound, type] = typed(value)
      statement.bindValue(statement.parameterIndex(name), bound, type)
    }
    return statement
  }

  async #statement(sql: string): Promise<DuckDBPreparedStatement> {
    const known = this.#prepared.get(sql)
    if (known) return known
    const [oldest] = this.#prepared
    if (oldest && this.#prepared.size >= PREPARED) {
      oldest[1].destroySync()
      this.#prepared.delete(oldest[0])
    }
    const statement = await this.connection.prepare(sql)
    // DuckDB plans a statement with parameters again each time. It would keep the plan of one without parameters, which uses
    // the smallest and greatest values at that time and so misses some later rows.
    if (statement.parameterCount > 0) this.#prepared.set(sql, statement)
    return statement
  }
}

/** Casts the parameters that are lists of numbers: they are bound as texts, `[1, 2]`, at a tenth of the cost. */
function withLists(sql: string, parameters: Readonly<Record<string, Parameter>>): string {
  let cast = sql
  for (const [name, value] of Object.entries(parameters)) {
    if (isNumbers(value)) cast = cast.replaceAll(new RegExp(`\\$${name}\\b`, 'g'), `$${name}::INTEGER[]`)
  }
  return cast
}

const isNumbers = (value: Parameter): value is readonly number[] => Array.isArray(value) && typeof value[0] === 'number'

/** The value to bind and its type. As doubles, which is the default, whole numbers would let DuckDB skip no row groups. */
function typed(value: Parameter): [DuckDBValue, DuckDBType] {
  if (value === null) return [null, VARCHAR]
  if (typeof value === 'string') return [value, VARCHAR]
  if (typeof value === 'boolean') return [value, BOOLEAN]
  if (typeof value === 'number') return Number.isSafeInteger(value) ? [BigInt(value), BIGINT] : [value, DOUBLE]
  if (isNumbers(value)) return [`[${value.join()}]`, VARCHAR]
  // An empty list has no type of its own.
  return [listValue(value as readonly string[]), LIST(value.length === 0 ? SQLNULL : VARCHAR)]
}

function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  for (const [column, value] of Object.entries(row)) if (typeof value === 'bigint') row[column] = Number(value)
  return row
}
