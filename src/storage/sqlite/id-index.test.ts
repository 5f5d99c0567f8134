/** The index of event ids against a plain map, through the log that uses it. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { TempFolder } from '../../../test/support/damaged-store.ts'
import type { AppendOutcome, LogEntry } from '../storage.ts'
import { createEventLog, EventLog } from './event-log.ts'
import { idHash } from './id-hash.ts'
import { IdIndex } from './id-index.ts'
import { IdSlice, statementsOn } from './id-slice.ts'
import { inTransaction } from './transaction.ts'

/** A log in files of its own, which a crash can be simulated with. */
class LogFiles implements Disposable {
  readonly #folder = new TempFolder()
  #copies = 0
  #database: DatabaseSync
  #log: EventLog

  constructor() {
    this.#database = this.#open('0')
    inTransaction(this.#database, () => createEventLog(this.#database))
    this.#log = this.#start()
  }

  /** As `SqliteStorage.append`. */
  append(entries: readonly LogEntry[]): AppendOutcome[] {
    const { outcomes, committed } = inTransaction(this.#database, () => this.#log.append(entries))
    committed()
    return outcomes
  }

  writeIds(): void {
    inTransaction(this.#database, () => this.#log.writeIds())()
  }

  /** Appends, or writes ids, and is interrupted before the commit. */
  interrupted(entries: readonly LogEntry[]): void {
    for (const work of [() => this.#log.append(entries), () => this.#log.writeIds()]) {
      const interruptedWork = () => {
        work()
        throw new Error('interrupted')
      }
      assert.throws(() => inTransaction(this.#database, interruptedWork), /interrupted/)
    }
  }

  find(id: string): LogEntry | undefined {
    const entry = this.#log.find(id)
    if (entry === undefined) return undefined
    const { seq, ...found } = entry
    return found
  }

  restart(): void {
    this.#database.close()
    this.#database = this.#open(`${this.#copies}`)
    this.#log = this.#start()
  }

  /** Goes on with a copy of the files as they are while the log is open: what a killed process leaves. */
  kill(): void {
    const from = join(this.#folder.path, `${this.#copies++}`)
    cpSync(from, join(this.#folder.path, `${this.#copies}`), { recursive: true })
    this.restart()
  }

  [Symbol.dispose](): void {
    this.#database.close()
    this.#folder[Symbol.dispose]()
  }

  #open(name: string): DatabaseSync {
    mkdirSync(join(this.#folder.path, name), { recursive: true })
    const database = new DatabaseSync(join(this.#folder.path, name, 'log.db'))
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    return database
  }

  #start(): EventLog {
    const log = new EventLog(this.#database, 0)
    log.readIdsAgain(work => inTransaction(this.#database, work))
    return log
  }
}

/** What `append` must answer, after an obvious implementation. */
class NaiveLog {
  readonly entries = new Map<string, LogEntry>()

  append(entries: readonly LogEntry[]): AppendOutcome[] {
    return entries.map(entry => {
      const known = this.entries.get(entry.id)
      if (known === undefined) {
        this.entries.set(entry.id, entry)
        return 'accepted'
      }
      return known.content === entry.content && known.timestamp === entry.timestamp ? 'duplicate' : 'conflict'
    })
  }
}

const shuffled = (n: number): number => Math.imul(n + 1, 0x9e3779b1) >>> 0

/** Few enough for duplicates and conflicts, in order (UUIDv7), in no order (UUIDv4), and other texts. */
const id = fc.oneof(
  fc.nat({ max: 400 }).map(n => `0199a4b0-${n.toString(16).padStart(4, '0')}-7000-8000-000000000000`),
  fc.nat({ max: 400 }).map(n => `${shuffled(n).toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`),
  fc.nat({ max: 400 }).map(n => `c1-${n}`),
  fc.constantFrom('', '\0', '\ufeff', '\ufeffa', 'é', 'e\u0301', '🎵', 'A', 'a', ' a'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const entry: fc.Arbitrary<LogEntry> = fc.record(
  {
    id,
    timestamp: fc.constantFrom(0, 0, 0, 1),
    content: fc.constantFrom('a', 'a', 'a', 'b'),
    decision: fc.constant(''),
  },
  { noNullPrototype: true },
)
const entries = fc.array(entry, { maxLength: 60 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ append: entries }) },
  { weight: 2, arbitrary: fc.record({ slices: fc.integer({ min: 1, max: 100 }) }) },
  fc.record({ interrupted: entries }),
  fc.constant('restart' as const),
  fc.constant('kill' as const),
)

test('answers as a map does, whatever is appended, written, restarted and killed when', () =>
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), steps => {
      using log = new LogFiles()
      const naive = new NaiveLog()
      for (const step of steps) {
        if (step === 'restart') log.restart()
        else if (step === 'kill') log.kill()
        else if ('append' in step) assert.deepEqual(log.append(step.append), naive.append(step.append))
        else if ('slices' in step) for (let i = 0; i < step.slices; i++) log.writeIds()
        else log.interrupted(step.interrupted)
      }
      // Each slice is written once more, and what was written is then all that is known.
      log.restart()
      for (let i = 0; i < 64; i++) log.writeIds()
      log.restart()
      for (const [id, entry] of naive.entries) assert.deepEqual(log.find(id), entry)
      assert.equal(log.find('an id that was never sent'), undefined)
      assert.deepEqual(
        log.append([...naive.entries.values()]),
        Array.from(naive.entries, () => 'duplicate'),
      )
    }),
    { numRuns: 60 },
  ))

test('a slice finds every id after its filter has grown, and hardly ever an entry for another id', () => {
  using database = new DatabaseSync(':memory:')
  IdIndex.create(database)
  // All hashes are in this one slice.
  const slice = new IdSlice(statementsOn(database), 7, 0, 2 ** 48)
  const candidates = (id: string) => slice.candidates(id, idHash(id, 7))
  let count = 0
  // The first two rounds are too much for the filter, the third one is not.
  for (const added of [3_000, 3_000, 500]) {
    for (const upTo = count + added; count < upTo; ) slice.add(`id ${count}`, ++count)
    slice.write(count)()
    assert.equal(slice.unwritten, 0)
  }
  let others = 0
  for (let i = 0; i < count; i++) {
    assert.deepEqual(candidates(`id ${i}`), [i + 1])
    others += candidates(`another id ${i}`).length
  }
  assert.ok(others < 3, `${others} entries`)
})
