/** Whatever bytes of a store's file are flipped, its answers are right, or it reports damage. */
import assert from 'node:assert/strict'
import { copyFileSync, statSync, truncateSync } from 'node:fs'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { checkStore } from '../../src/storage/sqlite/check.ts'
import { repair } from '../../src/storage/sqlite/repair.ts'
import { openSqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import { type LogEntry, type Storage, StoreDamaged, type StoredEntry, StoreLoss } from '../../src/storage/storage.ts'
import { changeBytes, makeStore, plays, storeFile, TempFolder } from '../support/damaged-store.ts'

/** Texts with halves of surrogate pairs. */
const halves = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map(units => String.fromCharCode(...units))
const odd = fc.record({
  content: halves,
  decision: halves,
  timestamp: fc.integer({ min: -8.64e15, max: 8.64e15 }),
})
const COUNT = 3_000
const ALL = plays(COUNT + 100)
const [ENTRIES, NEW] = [ALL.slice(0, COUNT), ALL.slice(COUNT)]
const STORED = ENTRIES.map((entry, i) => ({ seq: i + 1, ...entry }))

const sound = new TempFolder()
after(() => sound[Symbol.dispose]())
await makeStore(sound.path, ENTRIES)
const { size } = statSync(storeFile(sound.path))

/** Returns null where damage is noticed. Other errors are thrown. */
async function unlessNoticed<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StoreDamaged || (error as Error).message.includes('newer version')) return null
    throw error
  }
}

async function readAll(storage: Storage): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = []
  for (;;) {
    const page = await storage.readLog(entries.at(-1)?.seq ?? 0, 700)
    if (page.length === 0) return entries
    entries.push(...page)
  }
}

/** Asserts that each entry is the one that was written at its position. */
function areRight(entries: readonly StoredEntry[], expected: ReadonlyMap<number, LogEntry>): void {
  for (const { seq, ...entry } of entries) assert.deepEqual(entry, expected.get(seq), `entry ${seq}`)
}

const bySeq = new Map(STORED.map(({ seq, ...entry }) => [seq, entry]))

/** Asserts that all answers are right, and returns whether damage was noticed. */
async function isNoticed(folder: string): Promise<boolean> {
  const noticed = await unlessNoticed(async () => {
    const storage = openSqliteStorage(folder)
    try {
      const outcomes = await unlessNoticed(async () => {
        const read = await readAll(storage)
        assert.deepEqual(read, STORED)
        for (let i = 0; i < COUNT; i += 500) {
          const known = await storage.append(ENTRIES.slice(i, i + 500))
          assert.ok(known.every(outcome => outcome === 'duplicate'))
        }
        return storage.append(NEW)
      })
      if (outcomes === null) return null
      assert.ok(outcomes.every(outcome => outcome === 'accepted'))
      return true
    } finally {
      await storage.close()
    }
  })
  return noticed === null
}

/** Asserts that a first write has right outcomes, where nothing was read before. */
async function writesRight(folder: string): Promise<void> {
  await unlessNoticed(async () => {
    const storage = openSqliteStorage(folder)
    try {
      await unlessNoticed(async () => {
        const outcomes = await storage.append([...NEW, ...ENTRIES])
        assert.ok(outcomes.every((outcome, i) => outcome === (i < NEW.length ? 'accepted' : 'duplicate')))
      })
    } finally {
      await storage.close()
    }
  })
}

/** Asserts that the store works once the loss is accepted, and has all readable entries at their positions. */
async function isRepaired(folder: string): Promise<void> {
  const options = { acceptLoss: true, announce: () => {}, removeDerived: () => {} }
  const report = checkStore(folder, () => {})
  await repair(folder, options)
  const storage = openSqliteStorage(folder)
  try {
    const kept = await readAll(storage)
    areRight(kept, new Map([...bySeq, ...NEW.map((entry, i) => [COUNT + 1 + i, entry] as const)]))
    assert.equal(kept.length, report.entries)
    const known = new Set(kept.map(({ id }) => id))
    const outcomes = await storage.append(ENTRIES)
    for (const [i, { id }] of ENTRIES.entries()) assert.equal(outcomes[i], known.has(id) ? 'duplicate' : 'accepted')
    assert.equal((await readAll(storage)).length, new Set([...known, ...ENTRIES.map(({ id }) => id)]).size)
  } finally {
    await storage.close()
  }
  assert.deepEqual(checkStore(folder, () => {}).problems, [])
  await repair(folder, { ...options, acceptLoss: false })
}

async function holds(damage: (folder: string) => void): Promise<void> {
  const damaged = (folder: TempFolder) => {
    copyFileSync(storeFile(sound.path), storeFile(folder.path))
    damage(folder.path)
    return folder.path
  }
  using first = new TempFolder()
  using second = new TempFolder()
  await writesRight(damaged(first))
  const folder = damaged(second)
  if (await isNoticed(folder)) await isRefusedOrWhole(folder)
}

/** Asserts that a start is refused as long as a loss is not accepted, or nothing is lost. */
async function isRefusedOrWhole(folder: string): Promise<void> {
  try {
    await repair(folder, { acceptLoss: false, announce: () => {}, removeDerived: () => {} })
    const storage = openSqliteStorage(folder)
    const entries = await readAll(storage)
    await storage.close()
    assert.deepEqual(entries.slice(0, COUNT), STORED)
  } catch (error) {
    if ((error as Error).message.includes('newer version')) return
    if (!(error instanceof StoreLoss)) throw error
    await isRepaired(folder)
  }
}

test('an entry with any texts is not taken for a damaged one', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1 }),
      fc.array(odd),
      async (ids, parts) => {
        using folder = new TempFolder()
        const storage = openSqliteStorage(folder.path)
        const entries = ids.map((id, i) => ({ id: `${i}${id}`, timestamp: 0, decision: '', content: '', ...parts[i] }))
        await storage.append(entries)
        assert.equal((await storage.readLog(0, 100)).length, ids.length)
        await storage.close()
        assert.deepEqual(checkStore(folder.path, () => {}).problems, [])
      },
    ),
    { numRuns: 10 },
  ))

const RUNS = Number(process.env.RUNS ?? 12)
const flip = (most: number) => fc.record({ at: fc.nat({ max: most }), by: fc.integer({ min: 1, max: 255 }) })

type Flip = { at: number; by: number }

function flipsIn(most: number) {
  return fc.asyncProperty(fc.array(flip(most), { minLength: 1, maxLength: 8 }), flips =>
    holds(folder =>
      changeBytes(folder, bytes => {
        for (const { at, by } of flips) bytes[at] = bytes[at]! ^ by
      }),
    ),
  )
}

test('flipped bytes anywhere are noticed, or do no harm', () => fc.assert(flipsIn(size - 1), { numRuns: RUNS }))

test('flipped bytes in the header and the schema are noticed, or do no harm', () =>
  // The examples: SQLite would only read the file, has another size of pages, and does not know the file.
  fc.assert(flipsIn(4_095), { numRuns: RUNS, examples: [18, 16, 0].map((at): [Flip[]] => [[{ at, by: 6 }]]) }))

test('a file that is cut off is noticed', () =>
  fc.assert(
    fc.asyncProperty(fc.nat({ max: size - 1 }), length => holds(folder => truncateSync(storeFile(folder), length))),
    { numRuns: Math.ceil(RUNS / 2), examples: [[0]] },
  ))
