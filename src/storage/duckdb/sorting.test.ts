/** Sorting against the rows that were added, in random orders and with random limits. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { FactTable, inSlices, oneFact } from '../../../test/support/fact-table.ts'
import type { EventFacts } from '../figures.ts'
import { openDuckdbFigures } from './duckdb-figures.ts'
import { closeFile, DATABASE, type OpenFile, openFile } from './figures-file.ts'
import { Reading } from './reading.ts'
import { Sorting, type SortingLimits } from './sorting.ts'

const SETTINGS = { memory: '128MB', threads: 1 }
const EAGER: SortingLimits = { rangeRows: 500_000, facts: { rows: 0, part: 0 }, pairs: { rows: 0, part: 0 } }

interface FactRow {
  seq: number
  instant: number
  key: number
}

interface PairRow {
  source: number
  target: number
  events: number
}

/** Tables of figures with rows inserted by the test, and the sorting of them. */
class Tables {
  readonly sorting: Sorting
  readonly #directory: string
  readonly #file: OpenFile
  readonly #reading: Reading
  #facts: FactRow[] = []
  #pairs = new Map<string, number>()

  static async open(limits: SortingLimits): Promise<Tables> {
    const directory = await mkdtemp(join(tmpdir(), 'sorting-'))
    return new Tables(directory, await openFile(directory, SETTINGS, async () => true), limits)
  }

  private constructor(directory: string, file: OpenFile, limits: SortingLimits) {
    this.#directory = directory
    this.#file = file
    this.#reading = new Reading(file.connection, file.dictionary)
    this.sorting = new Sorting(file.instance, DATABASE, commit => commit(), limits)
  }

  async close(): Promise<void> {
    await this.sorting.close()
    closeFile(this.#file)
    await rm(this.#directory, { recursive: true })
  }

  rows<Row>(sql: string): Promise<Row[]> {
    return this.#reading.rows(sql)
  }

  async add(facts: readonly FactRow[], pairs: readonly PairRow[]): Promise<void> {
    if (facts.length > 0) {
      await this.#reading.rows(
        `INSERT INTO recent_facts (seq, instant, measure, counts, key, part)
         SELECT unnest(seqs::BIGINT[]), unnest(instants::BIGINT[]), 'plays', 1, unnest(keys::INTEGER[]), 0
         FROM (SELECT $seqs AS seqs, $instants AS instants, $keys AS keys)`,
        Object.fromEntries(
          (['seq', 'instant', 'key'] as const).map(column => [`${column}s`, `[${facts.map(row => row[column])}]`]),
        ),
      )
    }
    for (const { source, target, events } of pairs) {
      await this.#reading.rows(`INSERT INTO recent_associations VALUES ($source, 'artist', $target, $events)`, {
        source,
        target,
        events,
      })
      const pair = `${source} ${target}`
      this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + events)
    }
    this.#facts.push(...facts)
  }

  /** Sorts until nothing is due. Returns the number of steps. */
  async tidy(): Promise<number> {
    let steps = 0
    while (await this.sorting.step()) assert.ok(++steps < 1_000, 'sorting never ends')
    return steps
  }

  async check(): Promise<void> {
    const facts = await this.rows<FactRow>('SELECT seq, instant, key FROM facts')
    assert.deepEqual(facts.map(written).sort(), this.#facts.map(written).sort())
    const pairs = await this.rows<PairRow>(
      'SELECT source, target, sum(events)::BIGINT AS events FROM associations GROUP BY source, target',
    )
    assert.deepEqual(
      new Map(pairs.map(({ source, target, events }): [string, number] => [`${source} ${target}`, events]).sort()),
      new Map([...this.#pairs].sort()),
    )
    await this.#checkRanges()
  }

  /** Checks that ranges are whole months that do not overlap, and have the number of rows that they state, in order. */
  async #checkRanges(): Promise<void> {
    const ranges = await this.rows<{ start: number; until: number; rows: number }>('FROM ranges ORDER BY start')
    const sorted = await this.rows<FactRow>('SELECT seq, instant, key FROM sorted_facts ORDER BY rowid')
    for (const [i, { start, until, rows }] of ranges.entries()) {
      assert.ok(start < until && start >= (ranges[i - 1]?.until ?? Number.NEGATIVE_INFINITY))
      for (const end of [start, until]) {
        // The first and the last month reach beyond the dates of JavaScript.
        if (Math.abs(end) <= 8.64e15) assert.match(new Date(end).toISOString(), /-01T00:00:00\.000Z$/)
      }
      const inside = sorted.filter(({ instant }) => instant >= start && instant < until)
      assert.equal(inside.length, rows)
      assert.deepEqual(inside, inside.toSorted(byOrder))
    }
    assert.equal(
      ranges.reduce((sum, { rows }) => sum + rows, 0),
      sorted.length,
      'every sorted row is in a range',
    )
  }
}

async function openTables(t: TestContext, limits: SortingLimits): Promise<Tables> {
  const tables = await Tables.open(limits)
  t.after(() => tables.close())
  return tables
}

const written = ({ seq, instant, key }: FactRow): string => `${seq} ${instant} ${key}`
const byOrder = (a: FactRow, b: FactRow): number => a.key - b.key || a.instant - b.instant || a.seq - b.seq

const instant = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) }),
  fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) }),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.constantFrom(-8.64e15, 8.64e15, 0, -1, Date.UTC(2026, 2, 1), Date.UTC(2026, 2, 1) - 1, Date.UTC(2026, 2, 1) + 1),
)
const row: fc.Arbitrary<FactRow> = fc.record({ seq: fc.nat({ max: 50 }), instant, key: fc.integer({ min: 1, max: 5 }) })
const pair: fc.Arbitrary<PairRow> = fc.record({
  source: fc.integer({ min: 1, max: 4 }),
  target: fc.integer({ min: 1, max: 4 }),
  events: fc.integer({ min: 1, max: 9 }),
})
const waiting = fc.record({ rows: fc.integer({ min: 0, max: 40 }), part: fc.constantFrom(0, 0.1, 0.5) })
const limits = fc.record({ rangeRows: fc.integer({ min: 1, max: 120 }), facts: waiting, pairs: waiting })
const step = fc.record({
  facts: fc.array(row, { maxLength: 120 }),
  pairs: fc.array(pair, { maxLength: 8 }),
  /** The number of steps; undefined for as many as are due. */
  times: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
})

test('sorting keeps every fact and every sum of associations, in ranges of whole months', async () => {
  const property = fc.asyncProperty(limits, fc.array(step, { maxLength: 6 }), async (limits, steps) => {
    const tables = await Tables.open(limits)
    for (const { facts, pairs, times } of steps) {
      await tables.add(facts, pairs)
      if (times === undefined) {
        await tables.tidy()
        const [{ left }] = (await tables.rows('SELECT count(*) AS left FROM recent_facts')) as [{ left: number }]
        const [{ sorted }] = (await tables.rows('SELECT count(*) AS sorted FROM sorted_facts')) as [{ sorted: number }]
        assert.ok(left <= Math.max(limits.facts.rows, sorted * limits.facts.part))
      } else {
        for (let i = 0; i < times; i++) await tables.sorting.step()
      }
      await tables.check()
    }
    await tables.close()
  })
  await fc.assert(property, { numRuns: 60 })
})

test('24,000 months with one fact each are one range', async t => {
  const tables = await openTables(t, EAGER)
  const facts = Array.from({ length: 24_000 }, (_, month) => ({ seq: month, instant: Date.UTC(100, month, 2), key: 1 }))
  await tables.add(facts, [])
  assert.ok((await tables.tidy()) <= 3)
  const ranges = await tables.rows('FROM ranges')
  assert.equal(ranges.length, 1)
  await tables.check()
})

test('months that arrive one after the other, forward or backward, become one range', async t => {
  const tables = await openTables(t, EAGER)
  for (let month = 0; month < 100; month++) {
    const far = [400 + month, 399 - month].map(month => ({ seq: month, instant: Date.UTC(2000, month, 2), key: 1 }))
    await tables.add(far, [])
    await tables.tidy()
  }
  assert.equal((await tables.rows('FROM ranges')).length, 1)
  await tables.check()
})

test('months with too many rows for one range are separate, and small ones stay together', async t => {
  const tables = await openTables(t, { ...EAGER, rangeRows: 100 })
  const month = (month: number, rows: number) =>
    Array.from({ length: rows }, (_, i) => ({ seq: i, instant: Date.UTC(2026, month, 1 + (i % 28)), key: i % 7 }))
  await tables.add([...month(0, 250), ...month(1, 40), ...month(2, 40), ...month(3, 40), ...month(5, 20)], [])
  await tables.tidy()
  await tables.check()
  const ranges = await tables.rows<{ rows: number }>('SELECT rows FROM ranges ORDER BY start')
  assert.deepEqual(ranges.map(({ rows }) => rows).sort((a, b) => b - a)[0], 250, 'a month is never split')
  assert.ok(ranges.length <= 4)
})

test('sorting loses no fact while facts arrive and questions are asked', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'sorting-'))
  const figures = await openDuckdbFigures(directory, {
    ...SETTINGS,
    resolve: async () => new Map(),
    isOf: async () => true,
  })
  t.after(async () => {
    await figures.close()
    await rm(directory, { recursive: true })
  })
  const [batches, size] = [70, 5_000]
  let isApplied = false
  const sort = async () => {
    let steps = 0
    while (!isApplied) {
      if (await figures.tidy()) steps++
      else await new Promise(setImmediate)
    }
    while (await figures.tidy()) steps++
    return steps
  }
  const ask = async () => {
    while (!isApplied) {
      const [seen, seq] = await figures.ask(async reads => [
        await reads.rows(
          'SELECT count(*) AS facts, count(DISTINCT seq) AS events, sum(seq)::BIGINT AS seqs FROM facts',
        ),
        (await reads.checkpoint()).seq,
      ])
      assert.deepEqual(seen, [{ facts: seq, events: seq, seqs: seq === 0 ? null : (seq * (seq + 1)) / 2 }])
    }
  }
  const table = new FactTable()
  const apply = async () => {
    for (let batch = 0; batch < batches; batch++) {
      const events = Array.from({ length: size }, (_, i): EventFacts => {
        const seq = batch * size + i + 1
        const instant = Date.UTC(2026, 0, 1) + ((seq * 7_919_777) % 31_536_000_000)
        return { seq, facts: [{ ...oneFact(`artist:${seq % 97}`), instant }], associations: [] }
      })
      table.add(events)
      await figures.apply(inSlices(events), { seq: (batch + 1) * size, eventId: `e${batch}` })
    }
    isApplied = true
  }
  const [steps] = await Promise.all([sort(), ask(), apply()])
  assert.ok(steps > 0, 'nothing was sorted')
  await table.check(figures, 0)
})

test('sorting ends at once when the figures are closed, and then returns false', async () => {
  const tables = await Tables.open(EAGER)
  const facts = Array.from({ length: 50_000 }, (_, i) => ({ seq: i, instant: i, key: i % 100 }))
  await tables.add(facts, [])
  const sorting = Array.from({ length: 5 }, () => tables.sorting.step())
  await new Promise(setImmediate)
  await tables.close()
  assert.ok((await Promise.all(sorting)).includes(false))
  assert.equal(await tables.sorting.step(), false)
})
