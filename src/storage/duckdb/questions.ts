/** Running questions: each on a connection of its own and in one transaction, few at a time, none of them for ever. */
import type { DuckDBInstance } from '@duckdb/node-api'
import { type AskOptions, type QuestionCost, QuestionRefused, type Snapshot } from '../figures.ts'
import type { Dictionary } from '../sqlite/dictionary.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import { isInterruption } from './faults.ts'
import { Reading } from './reading.ts'

const QUESTION_LIMIT_MS = 10_000
/** DuckDB forgets an interruption that comes just before a statement begins: it is repeated until the question ends. */
const INTERRUPTION_MS = 50

export class Questions {
  #instance: DuckDBInstance
  #database: string
  #dictionary: Pick<Dictionary, 'idOf'>
  /** Very many slow questions leave the quick ones their places. */
  #limits: Record<QuestionCost, ConcurrencyLimit> = { quick: new ConcurrencyLimit(), slow: new ConcurrencyLimit() }
  #idle: Reading[] = []

  /** `database`: what the instance calls the file of the figures. */
  constructor(instance: DuckDBInstance, database: string, dictionary: Pick<Dictionary, 'idOf'>) {
    this.#instance = instance
    this.#database = database
    this.#dictionary = dictionary
  }

  ask<T>(question: (reads: Snapshot) => Promise<T>, options: AskOptions = {}): Promise<T> {
    return this.#limits[options.cost ?? 'quick'].ask(left => this.#run(question, left), options)
  }

  async close(): Promise<void> {
    await Promise.all([this.#limits.quick.idle(), this.#limits.slow.idle()])
    for (const { connection } of this.#idle.splice(0)) connection.closeSync()
  }

  async #run<T>(question: (reads: Snapshot) => Promise<T>, left: AbortSignal): Promise<T> {
    const limit = AbortSignal.timeout(QUESTION_LIMIT_MS)
    const end = AbortSignal.any([limit, left])
    const reading = this.#idle.pop() ?? (await this.#connect())
    const interrupting = repeatedlyAfter(end, () => reading.connection.interrupt())
    try {
      await reading.rows('BEGIN TRANSACTION READ ONLY')
      return await question(untilEnd(reading, end))
    } catch (error) {
      if (!end.aborted || !isInterruption(error)) throw error
      throw left.aborted ? left.reason : tooSlow()
    } finally {
      interrupting.end()
      await this.#giveBack(reading)
    }
  }

  /** A connection whose transaction can't be ended is of no use any more. */
  async #giveBack(reading: Reading): Promise<void> {
    try {
      await reading.connection.run('ROLLBACK')
      this.#idle.push(reading)
    } catch {
      reading.connection.closeSync()
    }
  }

  async #connect(): Promise<Reading> {
    const reading = new Reading(await this.#instance.connect(), this.#dictionary)
    await reading.rows(`USE ${this.#database}`)
    return reading
  }
}

/** Runs `work` once the signal is there, and again and again. */
function repeatedlyAfter(signal: AbortSignal, work: () => void): { end: () => void } {
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    work()
    timer = setInterval(work, INTERRUPTION_MS)
  }
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return {
    end() {
      signal.removeEventListener('abort', begin)
      clearInterval(timer)
    },
  }
}

/** A question of several statements also ends between two of them. */
function untilEnd(reading: Reading, end: AbortSignal): Snapshot {
  const check = () => {
    if (end.aborted) throw new Error('INTERRUPT between two statements')
  }
  return {
    checkpoint: () => reading.checkpoint(),
    rows(sql, parameters) {
      check()
      return reading.rows(sql, parameters)
    },
    idsOf: entities => reading.idsOf(entities),
    listenerIdOf: userId => reading.listenerIdOf(userId),
    entitiesOf(ids) {
      check()
      return reading.entitiesOf(ids)
    },
  }
}

const tooSlow = (): QuestionRefused =>
  new QuestionRefused(`the answer takes longer than ${QUESTION_LIMIT_MS / 1000} s: ask for less time, or for less`)
