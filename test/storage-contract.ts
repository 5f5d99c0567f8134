/** What every store must do. An adapter's test is one call: `storageContract('SQLite', …)`. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import {
  ALWAYS,
  type Change,
  type ChangeSlices,
  type Interval,
  type LogEntry,
  PROJECTABLE,
  QUARTER_MS,
  type Storage,
  type StorageReader,
  StoreInUse,
  type StoreLayout,
  type TableSpec,
} from '../src/storage/storage.ts'

const COUNTS: TableSpec = {
  name: 'counts',
  kind: 'counters',
  bucket: 'quarter',
  maxima: ['last'],
  version: 1,
  keys: 'thing',
  fields: 'count',
}
const MEMBERS: TableSpec = { ...COUNTS, name: 'members', kind: 'sets', maxima: [], fields: 'member' }
const MONTHLY: TableSpec = { ...COUNTS, name: 'monthly', bucket: 'month', maxima: [], keys: 'member', fields: 'thing' }
const UNTIMED: TableSpec = { ...COUNTS, name: 'untimed', bucket: 'none', maxima: [], fields: 'thing' }

/** What the contract keeps; an adapter is opened with it. */
export const CONTRACT_LAYOUT: StoreLayout = {
  tables: [COUNTS, MEMBERS, MONTHLY, UNTIMED],
  collections: [
    ...['c1', 'c2', 'c3', 'c4', 'c5'].map(name => ({ name, inQuestions: false })),
    ...['c6', 'c7'].map(name => ({ name, inQuestions: true })),
  ],
}

export interface OpenStore {
  storage: Storage
  /** Another reader on the same store. */
  openReader(): Promise<StorageReader>
  /** Closes the store and opens it again, as a restart does. */
  reopen(): Promise<Storage>
  /** Tries to open the writing side a second time; undefined where the store allows several. */
  openAgain?: () => Promise<unknown>
  /** Closes everything and removes the data. */
  remove(): Promise<void>
}

const entry = (id: string, timestamp = 0, content = 'a', ruling = ''): LogEntry => ({ id, timestamp, content, ruling })
const T0 = Date.UTC(2026, 2, 29)

/** `many`: how many events the log has to keep apart; fewer for a server that reads all of them for every answer. */
export function storageContract(name: string, open: () => Promise<OpenStore>, many = 300_000): void {
  describe(`storage contract: ${name}`, () => {
    describe('event log', () => logContract(open, many))
    describe('cells', () => cellContract(open))
    describe('documents', () => documentContract(open))
  })
}

/** Makes a round of the changes and applies it. */
async function apply(storage: Storage, slices: ChangeSlices, upTo: number): Promise<void> {
  const after = await storage.snapshot(reads => reads.checkpoint())
  let written = false
  try {
    await storage.apply(await storage.rounds.prepare(slices, after, upTo))
    written = true
  } finally {
    storage.rounds.settled(written)
  }
}

/** One store for all tests of a suite; each test uses ids and keys of its own. */
function useStore(open: () => Promise<OpenStore>): () => OpenStore {
  let opened: OpenStore | undefined
  before(async () => {
    opened = await open()
  })
  after(() => opened?.remove())
  return () => opened as OpenStore
}

function logContract(open: () => Promise<OpenStore>, many: number): void {
  const store = useStore(open)

  it('accepts an event once; the same one is a duplicate, another one under its id a conflict', async () => {
    const { storage } = store()
    assert.deepEqual(await storage.append([entry('once', 1, 'a'), entry('twice', 1)]), ['accepted', 'accepted'])
    assert.deepEqual(await storage.append([entry('once', 1, 'a')]), ['duplicate'])
    assert.deepEqual(await storage.append([entry('once', 2, 'a')]), ['conflict'])
    assert.deepEqual(await storage.append([entry('once', 1, 'b')]), ['conflict'])
  })

  it('finds an event by its id', async () => {
    const { storage } = store()
    await storage.append([entry('other'), entry('known', 7, 'a')])
    const found = await storage.find('known')
    assert.deepEqual(found, { ...entry('known', 7, 'a'), seq: found?.seq })
    assert.deepEqual([found], await storage.readLog(found!.seq - 1, 1))
    assert.deepEqual([await storage.find('Known'), await storage.find('')], [null, null])
  })

  it('compares entries of one call with each other', async () => {
    const { storage } = store()
    const outcomes = await storage.append([entry('x'), entry('x'), entry('x', 0, 'b'), entry('y')])
    assert.deepEqual(outcomes, ['accepted', 'duplicate', 'conflict', 'accepted'])
  })

  it('does not take the ruling for a part of the event', async () => {
    const { storage } = store()
    await storage.append([entry('ruled', 0, 'a', 'first')])
    assert.deepEqual(await storage.append([entry('ruled', 0, 'a', 'second')]), ['duplicate'])
  })

  it('keeps ids apart that look alike', async () => {
    const { storage } = store()
    const uuid = '018f3c8e-7b2a-7c3d-9e4f-5a6b7c8d9e0f'
    const ids = [
      uuid,
      uuid.toUpperCase(),
      uuid.replaceAll('-', ''),
      ` ${uuid}`,
      '\u00c9',
      'E\u0301',
      '1',
      '01',
      '🎵',
      '',
    ]
    assert.deepEqual(
      await storage.append(ids.map(id => entry(id, 5))),
      ids.map(() => 'accepted'),
    )
    assert.deepEqual(
      await storage.append(ids.map(id => entry(id, 5))),
      ids.map(() => 'duplicate'),
    )
  })

  it('reads entries back in order, as they were, from any place', async () => {
    const { storage } = store()
    const from = await storage.lastSeq()
    const sent = Array.from({ length: 25 }, (_, i) => entry(`read-${i}`, 5 - i, `{"n":"é🎵${i}"}`, i % 2 ? 'r' : ''))
    await storage.append(sent)
    const read = await storage.readLog(from, 10)
    assert.deepEqual(
      read.map(({ seq, ...rest }) => rest),
      sent.slice(0, 10),
    )
    const rest = await storage.readLog(read.at(-1)?.seq ?? 0, 100)
    assert.deepEqual(
      rest.map(({ id }) => id),
      sent.slice(10).map(({ id }) => id),
    )
    assert.equal(rest.at(-1)?.seq, await storage.lastSeq())
  })

  it('knows every id for ever, after restarts and far beyond what memory keeps', async () => {
    const opened = store()
    const id = (i: number) => `many-${i}`
    for (let from = 0; from < many; from += 5_000) {
      const batch = Array.from({ length: 5_000 }, (_, i) => entry(id(from + i), from + i))
      assert.ok((await opened.storage.append(batch)).every(outcome => outcome === 'accepted'))
    }
    const sample = Array.from({ length: many / 100 }, (_, i) => i * 100)
    const check = async (storage: Storage) => {
      const same = await storage.append(sample.map(i => entry(id(i), i)))
      assert.ok(same.every(outcome => outcome === 'duplicate'))
      const other = await storage.append(sample.map(i => entry(id(i), i, 'b')))
      assert.ok(other.every(outcome => outcome === 'conflict'))
      assert.deepEqual(await storage.append([entry(id(-1))]), ['accepted'])
      assert.deepEqual(await storage.append([entry(id(-1))]), ['duplicate'])
    }
    await check(opened.storage)
    opened.storage = await opened.reopen()
    const again = await opened.storage.append(sample.map(i => entry(id(i), i)))
    assert.ok(again.every(outcome => outcome === 'duplicate'))
    assert.deepEqual(await opened.storage.append([entry(id(-1))]), ['duplicate'])
  })

  it('gives the events of a time to the millisecond, once they are projected', async () => {
    const { storage } = store()
    const times = [T0 - 1, T0, T0 + 1, T0 + QUARTER_MS - 1, T0 + QUARTER_MS, T0 + 3 * QUARTER_MS]
    await storage.append(times.map((at, i) => entry(`timed-${i}`, at)))
    await storage.append([entry('timed-late', T0 + 1)])
    await apply(storage, [], await storage.lastSeq())
    const between = async (from: number, to: number) => {
      const found: string[] = []
      await storage.snapshot(async reads => {
        for await (const { id } of reads.logBetween({ from, to })) found.push(id)
      })
      return found.sort()
    }
    assert.deepEqual(await between(T0, T0 + QUARTER_MS), ['timed-1', 'timed-2', 'timed-3', 'timed-late'])
    assert.deepEqual(await between(T0 - 1, T0 + 1), ['timed-0', 'timed-1'])
    assert.deepEqual(await between(T0 + 2, T0 + 3 * QUARTER_MS), ['timed-3', 'timed-4'])
    await storage.append([entry('timed-unprojected', T0)])
    assert.deepEqual(await between(T0, T0 + 1), ['timed-1'])
  })

  it('keeps entries of any date, and finds those among them that changes can have', async () => {
    const { storage } = store()
    const after = await storage.lastSeq()
    const { from, to } = PROJECTABLE
    const times = [-8.64e15, from - 1, from, to - 1, to, Date.UTC(9999, 11, 31), 8.64e15]
    await storage.append(times.map((at, i) => entry(`far-${i}`, at)))
    assert.deepEqual(
      (await storage.readLog(after, 10)).map(({ timestamp }) => timestamp),
      times,
    )
    await apply(storage, [], await storage.lastSeq())
    await storage.snapshot(async reads => {
      for (const [i, at] of times.entries()) {
        const found = await Array.fromAsync(reads.logBetween({ from: at, to: at + 1 }), ({ id }) => id)
        assert.deepEqual(found, at >= from && at < to ? [`far-${i}`] : [])
      }
    })
  })

  it('refuses a second writer', async t => {
    const { openAgain } = store()
    if (!openAgain) return t.diagnostic('this store allows several writers')
    await assert.rejects(openAgain(), StoreInUse)
  })
}

/** The plain truth about cells: a list of changes, scanned for every question. */
class NaiveCells {
  changes: Change[] = []

  #of(table: string, keys: readonly string[], { from, to }: Interval): Change[] {
    const timed = table !== UNTIMED.name
    return this.changes.filter(
      change =>
        change.table === table && keys.includes(change.key) && (!timed || (from <= change.at && change.at < to)),
    )
  }

  sums(table: string, keys: readonly string[], interval: Interval): Map<string, number> {
    const sums = new Map<string, number>()
    for (const change of this.#of(table, keys, interval)) {
      const sum = sums.get(change.field)
      if (change.op === 'increment') sums.set(change.field, (sum ?? 0) + change.by)
      if (change.op === 'max') sums.set(change.field, Math.max(sum ?? Number.NEGATIVE_INFINITY, change.at))
    }
    return new Map([...sums].filter(([, sum]) => sum !== 0))
  }

  members(table: string, keys: readonly string[], interval: Interval): Set<string> {
    return new Set(this.#of(table, keys, interval).map(({ field }) => field))
  }
}

const withoutZeros = (sums: Map<string, number>) => new Map([...sums].filter(([, sum]) => sum !== 0).sort())

const KEYS = ['a', 'b', 'É', 'no such key']
const instant = fc.oneof(
  fc.integer({ min: -2, max: 400 }).map(quarter => T0 + quarter * QUARTER_MS),
  fc.integer({ min: T0 - 40 * 86_400_000, max: T0 + 400 * 86_400_000 }),
  fc.constantFrom(0, -1, Date.UTC(1969, 11, 31, 23), Date.UTC(2026, 3, 1) - 1, Date.UTC(2026, 3, 1), Date.UTC(1, 0, 1)),
)
const key = fc.constantFrom('a', 'b', 'É')
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    op: fc.constant('increment' as const),
    table: fc.constantFrom(COUNTS.name, MONTHLY.name, UNTIMED.name),
    key,
    field: fc.constantFrom('x', 'y'),
    at: instant,
    by: fc.oneof(fc.constantFrom(1, -1), fc.integer({ min: -1e12, max: 1e12 })),
  }),
  fc.record({
    op: fc.constant('max' as const),
    table: fc.constant(COUNTS.name),
    key,
    field: fc.constant('last'),
    at: instant,
  }),
  fc.record({
    op: fc.constant('add' as const),
    table: fc.constant(MEMBERS.name),
    key,
    field: fc.integer({ min: 0, max: 30 }).map(n => `member ${n}`),
    at: instant,
  }),
)
const aligned = (at: number) => Math.floor(at / QUARTER_MS) * QUARTER_MS
const intervals = fc
  .array(instant, { minLength: 2, maxLength: 8 })
  .map(instants => [...new Set(instants.map(aligned))].sort((a, b) => a - b))
  .map(bounds => bounds.slice(1).map((to, i): Interval => ({ from: bounds[i] as number, to })))

function cellContract(open: () => Promise<OpenStore>): void {
  const store = useStore(open)

  it('answers every read as a scan of all changes would, whatever their order and grouping', async () => {
    const { storage } = store()
    const property = fc.asyncProperty(
      fc.array(fc.array(change, { maxLength: 40 }), { maxLength: 4 }),
      intervals,
      async (rounds, asked) => {
        await storage.clearProjections()
        const naive = new NaiveCells()
        for (const round of rounds) {
          await apply(storage, [round], 0)
          naive.changes.push(...round)
        }
        await storage.snapshot(async reads => {
          for (const keys of [['a'], KEYS]) {
            for (const ranges of [asked, [ALWAYS]]) {
              const sums = await reads.sums(COUNTS.name, keys, ranges)
              const expected = ranges.map(range => withoutZeros(naive.sums(COUNTS.name, keys, range)))
              assert.deepEqual(sums.map(withoutZeros), expected)
              const also = ranges.map(() => new Set(['member 1', 'nowhere else']))
              const distinct = await reads.distinct(MEMBERS.name, keys, ranges, also)
              const union = ranges.map(
                (range, i) => naive.members(MEMBERS.name, keys, range).union(also[i] as Set<string>).size,
              )
              assert.deepEqual(distinct, union)
            }
          }
          for (const table of [MONTHLY.name, UNTIMED.name]) {
            const rows = await reads.rows(table, KEYS)
            assert.deepEqual(
              rows.map(withoutZeros),
              KEYS.map(k => withoutZeros(naive.sums(table, [k], ALWAYS))),
            )
          }
          await checkTotals(reads, naive, [...asked, ALWAYS])
          const firsts = KEYS.map(k => {
            const cells = naive.changes.filter(c => c.table === MEMBERS.name && c.key === k)
            return cells.length ? aligned(Math.min(...cells.map(c => c.at))) : null
          })
          for (const [i, k] of KEYS.entries()) assert.equal(await reads.first(MEMBERS.name, [k]), firsts[i])
        })
      },
    )
    await fc.assert(property, { numRuns: 200 })
  })

  async function checkTotals(
    reads: Parameters<Parameters<Storage['snapshot']>[0]>[0],
    naive: NaiveCells,
    windows: Interval[],
  ): Promise<void> {
    for (const among of [undefined, new Set(['b', 'no such key'])]) {
      const totals = await reads.totals(COUNTS.name, { field: 'x', latest: 'last' }, windows, among)
      const found = new Map<string, number[]>()
      for (let i = 0; i < totals.length; i++) {
        found.set(
          totals.key(i),
          windows.flatMap((_, w) => [totals.sums[w]?.[i] ?? 0, totals.latest[w]?.[i] ?? 0]),
        )
      }
      for (const k of ['a', 'b', 'É']) {
        if (among && !among.has(k)) assert.equal(found.has(k), false)
        else {
          const none = windows.flatMap(() => [0, Number.NEGATIVE_INFINITY])
          const expected = windows.flatMap(window => {
            const sums = naive.sums(COUNTS.name, [k], window)
            return [
              sums.get('x') ?? 0,
              naive.changes.some(c => c.op === 'max' && c.key === k && c.at >= window.from && c.at < window.to)
                ? (sums.get('last') ?? 0)
                : Number.NEGATIVE_INFINITY,
            ]
          })
          assert.deepEqual(found.get(k) ?? none, expected)
        }
      }
    }
  }

  it('counts at the first and at the last instant that changes can have', async () => {
    const { storage } = store()
    await storage.clearProjections()
    const at = [PROJECTABLE.from, PROJECTABLE.to - 1]
    const counts = at.map((at): Change => ({ op: 'increment', table: COUNTS.name, key: 'far', field: 'n', at, by: 1 }))
    const maxima = at.map((at): Change => ({ op: 'max', table: COUNTS.name, key: 'far', field: 'last', at }))
    await apply(storage, [[...counts, ...maxima]], 0)
    const quarters = [
      { from: PROJECTABLE.from, to: PROJECTABLE.from + QUARTER_MS },
      { from: PROJECTABLE.to - QUARTER_MS, to: PROJECTABLE.to },
    ]
    await storage.snapshot(async reads => {
      const sums = await reads.sums(COUNTS.name, ['far'], quarters)
      assert.deepEqual(
        sums.map(sum => Object.fromEntries(sum)),
        at.map(last => ({ n: 1, last })),
      )
    })
  })

  it('finds what is on the days of a month that comes to nothing altogether', async () => {
    const { storage } = store()
    await storage.clearProjections()
    const at = Date.UTC(2026, 3, 1)
    const by = (change: 1 | -1, quarters: number): Change => ({
      op: 'increment',
      table: COUNTS.name,
      key: 'b',
      field: 'y',
      at: at + quarters * QUARTER_MS,
      by: change,
    })
    await apply(storage, [[by(1, 1), by(-1, 0)]], 0)
    await storage.snapshot(async reads => {
      const halves = [
        { from: 0, to: at + QUARTER_MS },
        { from: at + QUARTER_MS, to: at + 2 * QUARTER_MS },
      ]
      const sums = await reads.sums(COUNTS.name, ['b'], [...halves, ALWAYS])
      assert.deepEqual(
        sums.map(row => row.get('y') ?? 0),
        [-1, 1, 0],
      )
      assert.equal(await reads.first(COUNTS.name, ['b']), at)
    })
  })

  it('scans to the same cells whatever the order and grouping of the changes', async () => {
    const { storage } = store()
    const scan = async () => {
      const cells: unknown[] = []
      await storage.snapshot(async reads => {
        for (const { name } of CONTRACT_LAYOUT.tables)
          for await (const cell of reads.scan(name)) cells.push({ name, ...cell })
      })
      return cells
    }
    const property = fc.asyncProperty(
      fc.array(change, { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      async (changes, step) => {
        await storage.clearProjections()
        await apply(storage, [changes], 0)
        const together = await scan()
        await storage.clearProjections()
        const reversed = changes.toReversed()
        for (let i = 0; i < reversed.length; i += step) await apply(storage, [reversed.slice(i, i + step)], 0)
        assert.deepEqual(await scan(), together)
      },
    )
    await fc.assert(property, { numRuns: 100 })
  })

  it('keeps a million members of one key apart, and many keys', async () => {
    const { storage } = store()
    await storage.clearProjections()
    const at = T0
    const add = function* (): Generator<Change> {
      for (let i = 0; i < 150_000; i++) yield { op: 'add', table: MEMBERS.name, key: 'big', field: `m${i}`, at }
      for (let i = 0; i < 5_000; i++)
        yield { op: 'increment', table: COUNTS.name, key: `key ${i}`, field: 'x', at, by: i }
    }
    await apply(storage, [add()], 0)
    await apply(storage, [[{ op: 'add', table: MEMBERS.name, key: 'big', field: 'm7', at: at + QUARTER_MS }]], 0)
    const range = { from: at, to: at + QUARTER_MS }
    await storage.snapshot(async reads => {
      assert.deepEqual(await reads.distinct(MEMBERS.name, ['big'], [range], []), [150_000])
      assert.deepEqual(await reads.distinct(MEMBERS.name, ['big'], [ALWAYS], [new Set(['m1', 'new'])]), [150_001])
      const [sums] = await reads.sums(COUNTS.name, ['key 7', 'key 4999'], [range])
      assert.equal(sums?.get('x'), 5_006)
    })
  })

  it('moves the checkpoint with the changes, and keeps both over a restart', async () => {
    const opened = store()
    const { storage } = opened
    await storage.append([entry('projected', T0)])
    const upTo = await storage.lastSeq()
    await storage.clearProjections()
    assert.equal(await storage.snapshot(reads => reads.checkpoint()), 0)
    await apply(storage, [[{ op: 'increment', table: COUNTS.name, key: 'kept', field: 'x', at: T0, by: 3 }]], upTo)
    opened.storage = await opened.reopen()
    await opened.storage.snapshot(async reads => {
      assert.equal(await reads.checkpoint(), upTo)
      assert.equal((await reads.sums(COUNTS.name, ['kept'], [ALWAYS]))[0]?.get('x'), 3)
    })
  })

  it('applies nothing where a change is wrong', async () => {
    const { storage } = store()
    const good: Change = { op: 'increment', table: COUNTS.name, key: 'half', field: 'x', at: T0, by: 1 }
    const before = await storage.snapshot(reads => reads.checkpoint())
    await assert.rejects(apply(storage, [[good], [{ ...good, table: 'no_such_table' }]], before + 1))
    await storage.snapshot(async reads => {
      assert.equal(await reads.checkpoint(), before)
      assert.equal((await reads.sums(COUNTS.name, ['half'], [ALWAYS]))[0]?.has('x'), false)
    })
    await apply(storage, [[good]], before)
    const [sums] = await storage.snapshot(reads => reads.sums(COUNTS.name, ['half'], [ALWAYS]))
    assert.equal(sums?.get('x'), 1)
  })

  it('shows a reader one state during a snapshot', async () => {
    const { storage, openReader } = store()
    const reader = await openReader()
    const one: Change = { op: 'increment', table: COUNTS.name, key: 'seen', field: 'x', at: T0, by: 1 }
    const ask = (reads: Parameters<Parameters<Storage['snapshot']>[0]>[0]) =>
      reads.sums(COUNTS.name, ['seen'], [ALWAYS])
    await reader.snapshot(async reads => {
      const before = await ask(reads)
      await apply(storage, [[one]], await storage.snapshot(r => r.checkpoint()))
      assert.deepEqual(await ask(reads), before)
    })
    assert.equal((await reader.snapshot(ask))[0]?.get('x'), 1)
    await reader.close()
  })
}

function documentContract(open: () => Promise<OpenStore>): void {
  const store = useStore(open)
  const document = (id: string, group = 'g', value = '{}') => ({ id, group, value })

  it('keeps the newest, lists them newest first by pages, and counts by group', async () => {
    const { documents } = store().storage
    assert.equal(await documents.put('c1', [document('1'), document('2', 'h'), document('3')], 10), 0)
    assert.equal(await documents.put('c1', [document('1', 'g', 'again')], 10), 0)
    const ids = (await documents.list('c1', { limit: 10 })).map(({ id }) => id)
    assert.deepEqual(ids, ['1', '3', '2'])
    const [first] = await documents.list('c1', { limit: 1 })
    assert.equal(first?.value, 'again')
    const rest = await documents.list('c1', { limit: 10, before: first?.order ?? 0 })
    assert.deepEqual(
      rest.map(({ id }) => id),
      ['3', '2'],
    )
    assert.deepEqual(
      (await documents.list('c1', { limit: 10, group: 'h' })).map(({ id }) => id),
      ['2'],
    )
    const ofGroups = async (group: string[], page: { before?: number; limit: number }) =>
      (await documents.list('c1', { ...page, group })).map(({ id }) => id)
    assert.deepEqual(await ofGroups(['h', 'g', 'nobody'], { limit: 2 }), ['1', '3'])
    assert.deepEqual(await ofGroups(['g', 'h'], { limit: 9, before: first?.order ?? 0 }), ['3', '2'])
    assert.deepEqual(await ofGroups(['h'], { limit: 9 }), ['2'])
    assert.deepEqual(await ofGroups([], { limit: 9 }), [])
    assert.deepEqual(
      await documents.counts('c1'),
      new Map([
        ['g', 2],
        ['h', 1],
      ]),
    )
    assert.equal(await documents.put('c1', [document('4'), document('5')], 3), 2)
    assert.deepEqual(
      (await documents.list('c1', { limit: 10 })).map(({ id }) => id),
      ['5', '4', '1'],
    )
  })

  it('gets and removes by id, by group, and all, one collection at a time', async () => {
    const { documents } = store().storage
    await documents.put('c2', [document('1'), document('2', 'h'), document('3', 'h')], 10)
    await documents.put('c3', [document('1')], 10)
    assert.equal((await documents.get('c2', '2'))?.group, 'h')
    assert.equal(await documents.get('c2', 'none'), null)
    assert.equal(await documents.remove('c2', { ids: ['2', 'none'] }), 1)
    assert.equal(await documents.remove('c2', { group: 'h', ids: ['1'] }), 0)
    assert.equal(await documents.remove('c2', { group: 'h' }), 1)
    assert.equal(await documents.remove('c2', {}), 1)
    assert.equal((await documents.list('c3', { limit: 10 })).length, 1)
  })

  it('adds a document only where its id is free; of several who try, one does', async () => {
    const { documents } = store().storage
    const tries = await Promise.all(['a', 'b', 'c'].map(value => documents.add('c4', document('1', 'g', value), 2)))
    assert.deepEqual(tries.filter(Boolean), [true])
    assert.equal((await documents.get('c4', '1'))?.value, ['a', 'b', 'c'][tries.indexOf(true)])
    for (const id of ['2', '3']) assert.equal(await documents.add('c4', document(id), 2), true)
    assert.equal(await documents.get('c4', '1'), null)
  })

  it('swaps a value only where it is what was expected, and keeps order and group', async () => {
    const { documents } = store().storage
    await documents.put('c5', [document('1', 'h', 'old'), document('2')], 10)
    const tries = await Promise.all(['a', 'b'].map(value => documents.swap('c5', '1', 'old', value)))
    assert.deepEqual(tries.filter(Boolean), [true])
    assert.equal(await documents.swap('c5', 'none', 'old', 'new'), false)
    const found = await documents.list('c5', { limit: 10 })
    assert.deepEqual(
      found.map(({ id, group, value }) => [id, group, value]),
      [
        ['2', 'g', '{}'],
        ['1', 'h', ['a', 'b'][tries.indexOf(true)]],
      ],
    )
  })

  it('reads documents inside a snapshot, by id and by group', async () => {
    const { storage } = store()
    await storage.documents.put('c6', [document('1', 'g', 'a'), document('2', 'h', 'b'), document('3', 'h', 'c')], 10)
    await storage.documents.put('c7', [document('1', 'h')], 10)
    await storage.snapshot(async reads => {
      assert.deepEqual(
        await reads.documents('c6', ['3', 'none', '1']),
        new Map([
          ['1', 'a'],
          ['3', 'c'],
        ]),
      )
      assert.deepEqual((await reads.documentsIn('c6', ['h', 'none'])).sort(), ['2', '3'])
      assert.deepEqual(await reads.documents('c6', []), new Map())
      await storage.documents.put('c6', [document('4', 'h')], 10)
      assert.equal((await reads.documentsIn('c6', ['h'])).length, 2)
    })
  })
}
