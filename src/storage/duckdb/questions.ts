/** Runs questions: each on a connection of its own, in one transaction and with a time limit; few at a time. */
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { DuckDBInstance } from '@duckdb/node-api'
import { type AskOptions, type QuestionCost, QuestionRefused, type Snapshot } from '../figures.ts'
import type { Dictionary } from '../sqlite/dictionary.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'
import { isInterruption, isOutOfMemory } from './faults.ts'
import { Reading } from './reading.ts'
import type { StatementGate } from './statement-gate.ts'

const QUESTION_LIMIT_MS = 10_000
/** How often an interruption is repeated: DuckDB ignores one that comes just before a statement begins. */
const INTERRUPT_EVERY_MS = 50

// Node offers it by this flag alone.
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

export class Questions {
  #instance: DuckDBInstance
  #database: string
  #dictionary: Pick<Dictionary, 'idOf'>
  /** Quick questions have a limit of their own, so that they do not wait behind slow ones. */
  #limits: Record<QuestionCost, ConcurrencyLimit> = { quick: new ConcurrencyLimit(), slow: new ConcurrencyLimit() }
  #gate: StatementGate
  #idle: Reading[] = []

  /** `database` is the name under which the figures are attached. */
  constructor(instance: DuckDBInstance, database: string, dictionary: Pick<Dictionary, 'idOf'>, gate: StatementGate) {
    this.#instance = instance
    this.#database = database
    this.#dictionary = dictionary
    this.#gate = gate
  }

  ask<T>(question: (reads: Snapshot) => Promise<T>, options: AskOptions = {}): Promise<T> {
    return this.#limits[options.cost ?? 'quick'].ask(abandoned => this.#runWithRoom(question, abandoned), options)
  }

  async close(): Promise<void> {
    await Promise.all([this.#limits.quick.idle(), this.#limits.slow.idle()])
    for (const { connection } of this.#idle.splice(0)) connection.closeSync()
  }

  /** Runs it once more where there was no memory for it: DuckDB counts answers that were read already, until they are collected. */
  async #runWithRoom<T>(question: (reads: Snapshot) => Promise<T>, abandoned: AbortSignal): Promise<T> {
    try {
      return await this.#run(question, abandoned)
    } catch (error) {
      if (!isOutOfMemory(error) || abandoned.aborted) throw error
      collectGarbage()
      // What was collected gives its memory back afterwards.
      await setImmediate()
      return this.#run(question, abandoned)
    }
  }

  async #run<T>(question: (reads: Snapshot) => Promise<T>, abandoned: AbortSignal): Promise<T> {
    const limit = AbortSignal.timeout(QUESTION_LIMIT_MS)
    const end = AbortSignal.any([limit, abandoned])
    const reading = this.#idle.pop() ?? (await this.#connect())
    const interrupting = repeatedlyAfter(end, () => reading.connection.interrupt())
    try {
      await reading.rows('BEGIN TRANSACTION READ ONLY')
      return await question(untilEnd(reading, end))
    } catch (error) {
      if (!end.aborted || !isInterruption(error)) throw error
      throw abandoned.aborted ? abandoned.reason : tooSlow()
    } finally {
      interrupting.end()
      await this.#giveBack(reading)
    }
  }

  /** Keeps the connection for the next question, unless its transaction can't be ended. */
  async #giveBack(reading: Reading): Promise<void> {
    try {
      await reading.connection.run('ROLLBACK')
      this.#idle.push(reading)
    } catch {
      reading.connection.closeSync()
    }
  }

  async #connect(): Promise<Reading> {
    const reading = new Reading(await this.#instance.connect(), this.#dictionary, this.#gate)
    await reading.rows(`USE ${this.#database}`)
    return reading
  }
}

/** Runs `work` when the signal is aborted, and repeats it until `end` is called. */
function repeatedlyAfter(signal: AbortSignal, work: () => void): { end: () => void } {
  let timer: NodeJS.Timeout | undefined
  const begin = () => {
    work()
    timer = setInterval(work, INTERRUPT_EVERY_MS)
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

/** A snapshot that throws before the next statement once the signal is aborted. */
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
    columns(sql, parameters, take) {
      check()
      return reading.columns(sql, parameters, take)
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
