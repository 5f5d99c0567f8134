/** Runs SQL statements of a person, one after the other: each has a time limit, and none can write. */
import { type DuckDBConnection, type DuckDBResultReader, DuckDBTypeId } from '@duckdb/node-api'
import { isInterruption } from '../storage/duckdb/faults.ts'

const LIMIT_MS = 30_000
/** An answer has at most so many rows. */
const ROWS = 1_000

export interface Answer {
  columns: { name: string; isNumber: boolean }[]
  rows: string[][]
  /** True where there are more rows. */
  isCut: boolean
}

/** A statement failed or was interrupted; the message is one line. */
export class StatementFailed extends Error {
  override name = 'StatementFailed'
}

const NUMBERS = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
])

export class Statements {
  readonly #connection: DuckDBConnection
  readonly #limitMs: number

  constructor(connection: DuckDBConnection, limitMs = LIMIT_MS) {
    this.#connection = connection
    this.#limitMs = limitMs
  }

  /** Interrupts the statement that runs. */
  interrupt(): void {
    this.#connection.interrupt()
  }

  /** The answers of the statements of a text. @throws StatementFailed at the first that fails */
  async *run(text: string): AsyncGenerator<Answer> {
    const found = await this.#connection.extractStatements(text).catch(error => fail(error))
    for (let i = 0; i < found.count; i++) {
      yield await this.#inTime(async () => {
        const statement = await found.prepare(i)
        return answerOf(await statement.streamAndReadUntil(ROWS + 1))
      })
    }
  }

  async #inTime(work: () => Promise<Answer>): Promise<Answer> {
    let isTooLong = false
    const timer = setTimeout(() => {
      isTooLong = true
      this.interrupt()
    }, this.#limitMs)
    try {
      await this.#connection.run('BEGIN TRANSACTION READ ONLY')
      return await work()
    } catch (error) {
      if (isTooLong && isInterruption(error))
        throw new StatementFailed(`it takes longer than ${this.#limitMs / 1000} s`)
      fail(error)
    } finally {
      clearTimeout(timer)
      // The statement may have ended the transaction itself.
      await this.#connection.run('ROLLBACK').catch(() => {})
    }
  }
}

function fail(error: unknown): never {
  if (isInterruption(error)) throw new StatementFailed('interrupted')
  const [line = ''] = (error as Error).message.split('\n')
  throw new StatementFailed(line, { cause: error })
}

function answerOf(reader: DuckDBResultReader): Answer {
  const columns = reader.columnNames().map((name, i) => ({ name, isNumber: NUMBERS.has(reader.columnTypeId(i)) }))
  const rows = reader.getRows()
  return {
    columns,
    rows: rows.slice(0, ROWS).map(row => row.map(value => (value === null ? '' : String(value)))),
    isCut: rows.length > ROWS,
  }
}
