/** One connection as questions read it: prepared statements, named parameters, rows as plain objects. */
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
import type { Checkpoint, Parameter, Snapshot } from '../figures.ts'
import type { Dictionary } from '../sqlite/dictionary.ts'
import { asFiguresFault } from './faults.ts'
import { entityOf, listenerText } from './names.ts'
import './byte-order-marks.ts'

/** Statements that a connection keeps prepared. */
const PREPARED = 64

/** For connections that ask for no number of a string. */
export const NO_DICTIONARY = { idOf: () => undefined }

export class Reading implements Snapshot {
  readonly connection: DuckDBConnection
  #dictionary: Pick<Dictionary, 'idOf'>
  #prepared = new Map<string, DuckDBPreparedStatement>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(connection: DuckDBConnection, dictionary: Pick<Dictionary, 'idOf'>) {
    this.connection = connection
    this.#dictionary = dictionary
  }

  async checkpoint(): Promise<Checkpoint> {
    const [row] = await this.rows<Checkpoint>('SELECT seq, event_id AS "eventId" FROM checkpoint')
    return row!
  }

  /** One statement after the other, for they are bound in place. */
  rows<Row>(sql: string, parameters: Readonly<Record<string, Parameter>> = {}): Promise<Row[]> {
    const rows = this.#last.then(() => this.#rows<Row>(sql, parameters))
    this.#last = rows.catch(() => {})
    return rows
  }

  idsOf(entities: readonly string[]): Map<string, number> {
    const ids = new Map<string, number>()
    for (const entity of entities) {
      const id = this.#dictionary.idOf(entity)
      if (id !== undefined) ids.set(entity, id)
    }
    return ids
  }

  listenerIdOf(userId: string): number | undefined {
    return this.#dictionary.idOf(listenerText(userId))
  }

  async entitiesOf(ids: readonly number[]): Promise<Map<number, string>> {
    if (ids.length === 0) return new Map()
    const rows = await this.rows<{ id: number; kind: string; text: string }>(
      'SELECT id, kind, text FROM names WHERE id IN (SELECT unnest($ids))',
      { ids: [...new Set(ids)] },
    )
    return new Map(rows.map(({ id, kind, text }) => [id, entityOf(kind, text)]))
  }

  async #rows<Row>(sql: string, parameters: Readonly<Record<string, Parameter>>): Promise<Row[]> {
    try {
      const statement = await this.#statement(withLists(sql, parameters))
      for (const [name, value] of Object.entries(parameters)) {
        const [bound, type] = typed(value)
        statement.bindValue(statement.parameterIndex(name), bound, type)
      }
      const reader = await statement.runAndReadAll()
      return reader.getRowObjectsJS().map(withNumbers) as Row[]
    } catch (error) {
      throw asFiguresFault(error)
    }
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
    // DuckDB plans a statement anew for its parameters. One without any stays as it was planned for the rows of then, by
    // the smallest and the greatest values that they had: it would never see some of those that came later.
    if (statement.parameterCount > 0) this.#prepared.set(sql, statement)
    return statement
  }
}

/** Lists of numbers are bound as texts, `[1, 2]`, which costs a tenth of binding each number by itself. */
function withLists(sql: string, parameters: Readonly<Record<string, Parameter>>): string {
  let cast = sql
  for (const [name, value] of Object.entries(parameters)) {
    if (isNumbers(value)) cast = cast.replaceAll(new RegExp(`\\$${name}\\b`, 'g'), `$${name}::INTEGER[]`)
  }
  return cast
}

const isNumbers = (value: Parameter): value is readonly number[] => Array.isArray(value) && typeof value[0] === 'number'

/** A number would be bound as a double, by which no group of rows is skipped. */
function typed(value: Parameter): [DuckDBValue, DuckDBType] {
  if (value === null) return [null, VARCHAR]
  if (typeof value === 'string') return [value, VARCHAR]
  if (typeof value === 'boolean') return [value, BOOLEAN]
  if (typeof value === 'number') return Number.isSafeInteger(value) ? [BigInt(value), BIGINT] : [value, DOUBLE]
  if (isNumbers(value)) return [`[${value.join()}]`, VARCHAR]
  // Nothing tells of what an empty list has none.
  return [listValue(value as readonly string[]), LIST(value.length === 0 ? SQLNULL : VARCHAR)]
}

function withNumbers(row: Record<string, unknown>): Record<string, unknown> {
  for (const [column, value] of Object.entries(row)) if (typeof value === 'bigint') row[column] = Number(value)
  return row
}
