/** Damaged figures are right all the same, or begun anew, or report the damage. They are never wrong. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { seededRandom } from '../dev/replay/random.ts'
import { type DuckdbFigures, openDuckdbFigures } from '../src/storage/duckdb/duckdb-figures.ts'
import { type EventFacts, type Figures, FiguresDamaged } from '../src/storage/figures.ts'
import { Dictionary } from '../src/storage/sqlite/dictionary.ts'
import { StoreInUse } from '../src/storage/storage.ts'
import { counted, FactTable, inSlices, oneFact } from './support/fact-table.ts'
import { ref } from './support/ref.ts'

const FILE = 'figures.duckdb'
const WAL = 'figures.duckdb.wal'
const STRINGS = 'strings.db'
const TABLES = ['facts', 'associations', 'names', 'catalogue', 'attribution', 'ranges']
const SMALL = 2_000
/** Enough for a file of some MB, which is sorted. */
const LARGE = 120_000
const BATCH = 10_000

const folder = mkdtempSync(join(tmpdir(), 'figures-damage-'))
/** Figures that were closed, and figures whose rows are only in the write-ahead log. */
const [large, small] = [join(folder, 'large'), join(folder, 'small')]
let rightAnswer: string

after(() => rmSync(folder, { recursive: true }))

const open = (directory: string, isOf = async () => true): Promise<DuckdbFigures> =>
  openDuckdbFigures(directory, { memory: '128MB', threads: 1, resolve: async () => new Map(), isOf })

const event = (seq: number): EventFacts => ({
  seq,
  facts: [
    {
      ...oneFact(`artist:${seq % 9_973}`),
      instant: Date.UTC(2026, 0, 1) + ((seq * 7_919_777) % 31_536_000_000),
      track: ref(`track:${(seq * 31) % 40_009}`),
      listener: `user ${seq % 20_011}`,
      amount: (seq * 1_234_567) % 999_983,
      currency: 'EUR',
    },
  ],
  associations: [{ from: ref(`album:${seq % 5_003}`), to: ref(`artist:${seq % 9_973}`) }],
})

async function apply(figures: Figures, size: number, upTo: number): Promise<void> {
  while (figures.checkpoint.seq < upTo) {
    const { seq } = figures.checkpoint
    const events = Array.from({ length: size }, (_, i) => event(seq + 1 + i))
    await figures.apply(inSlices(events), { seq: seq + size, eventId: `e${seq + size}` })
  }
}

before(async () => {
  const figures = await open(large)
  await apply(figures, BATCH, LARGE)
  while (await figures.tidy());
  rightAnswer = await everything(figures)
  await figures.close()
  const others = await open(join(folder, 'others'))
  await apply(others, 100, SMALL)
  await others.copyTo(small)
  await others.close()
  assert.ok(existsSync(join(small, WAL)))
})

/** A hash of all columns of all tables. */
async function everything(figures: Figures): Promise<string> {
  return figures.ask(async reads => {
    const tables = []
    for (const table of TABLES) {
      const sql = `SELECT count(*) AS rows, bit_xor(hash(whole))::VARCHAR AS hash FROM ${table} AS whole`
      tables.push(await reads.rows(sql))
    }
    return JSON.stringify([await reads.checkpoint(), tables])
  })
}

/** A copy of figures that can be damaged. */
function copyOf(t: TestContext, figures: string): string {
  const copy = mkdtempSync(join(folder, 'copy-'))
  cpSync(figures, copy, { recursive: true })
  t.after(() => rmSync(copy, { recursive: true }))
  return copy
}

/** Opens figures that can't be continued. New ones must be begun, which can be filled and continued. */
async function assertBegunAnew(directory: string, isOf?: () => Promise<boolean>): Promise<void> {
  const figures = await open(directory, isOf)
  assert.ok(figures.begunAnew)
  assert.ok(!figures.begunAnew.includes('\n'))
  assert.deepEqual(await counted(figures), { seq: 0, eventId: null, facts: 0 })
  assert.equal(figures.recordsUpTo, 0)
  await apply(figures, 100, 200)
  await figures.close()
  const again = await open(directory)
  assert.equal(again.begunAnew, null)
  assert.deepEqual(await counted(again), { seq: 200, eventId: 'e200', facts: 200 })
  await again.close()
}

/** Opens figures, which must have all that their checkpoint says, or be begun anew, or report damage. */
async function assertNeverWrong(directory: string): Promise<'right' | 'anew' | 'damaged'> {
  const figures = await open(directory)
  try {
    if (figures.begunAnew !== null) {
      assert.deepEqual(await counted(figures), { seq: 0, eventId: null, facts: 0 })
      return 'anew'
    }
    assert.equal(await everything(figures), rightAnswer)
    return 'right'
  } catch (error) {
    if (error instanceof FiguresDamaged) return 'damaged'
    throw error
  } finally {
    await figures.close().catch(() => {})
  }
}

const countsOf = (outcomes: readonly string[]): string => {
  const counts = Map.groupBy(outcomes, outcome => outcome)
  return [...counts].map(([outcome, all]) => `${outcome} ${all.length}`).join(', ')
}

test('intact figures are continued', async t => {
  assert.equal(await assertNeverWrong(copyOf(t, large)), 'right')
})

for (const [what, damage] of [
  ['the file is missing', copy => rmSync(join(copy, FILE))],
  ['the dictionary is missing', copy => rmSync(join(copy, STRINGS))],
  ['the dictionary is another one', copy => cpSync(join(small, STRINGS), join(copy, STRINGS))],
  ['the file is empty', copy => truncateSync(join(copy, FILE))],
  ['the file is something else', copy => writeFileSync(join(copy, FILE), 'not figures\n'.repeat(10_000))],
  ['the dictionary is empty', copy => truncateSync(join(copy, STRINGS))],
  ['the dictionary is something else', copy => writeFileSync(join(copy, STRINGS), 'no strings\n'.repeat(1_000))],
  ['the dictionary is cut', copy => truncateSync(join(copy, STRINGS), 200_000)],
  [
    'there is garbage for the write-ahead log of the dictionary',
    copy => {
      rmSync(join(copy, STRINGS))
      writeFileSync(join(copy, `${STRINGS}-wal`), 'garbage'.repeat(1_000))
    },
  ],
] satisfies [string, (copy: string) => void][]) {
  test(`figures are begun anew where ${what}`, async t => {
    const copy = copyOf(t, large)
    damage(copy)
    await assertBegunAnew(copy)
  })
}

test('figures of another version are begun anew', async t => {
  const copy = copyOf(t, large)
  const instance = await DuckDBInstance.create(join(copy, FILE))
  const connection = await instance.connect()
  await connection.run('UPDATE checkpoint SET format = format + 1')
  connection.closeSync()
  instance.closeSync()
  await assertBegunAnew(copy)
})

test('figures of another log are begun anew', async t => {
  const asked: boolean[] = []
  await assertBegunAnew(copyOf(t, large), async () => {
    asked.push(false)
    return false
  })
  assert.equal(asked.length, 1)
})

test('figures are kept where the log cannot be read, and where another process has them open', async t => {
  const copy = copyOf(t, large)
  await assert.rejects(
    open(copy, () => Promise.reject(new Error('the log is away'))),
    /log is away/,
  )
  const script = `
    import { openDuckdbFigures } from ${JSON.stringify(join(import.meta.dirname, '../src/storage/duckdb/duckdb-figures.ts'))}
    await openDuckdbFigures(${JSON.stringify(copy)}, { memory: '64MB', threads: 1, isOf: async () => true })
    console.log('open')
    setInterval(() => {}, 1_000)`
  const other = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => other.kill('SIGKILL'))
  await once(other.stdout, 'data')
  await assert.rejects(open(copy), StoreInUse)
  other.kill('SIGKILL')
  await once(other, 'exit')
  assert.equal(await assertNeverWrong(copy), 'right')
})

test('figures whose file was cut off are never wrong', async t => {
  const bytes = readFileSync(join(large, FILE)).length
  const outcomes: string[] = []
  for (const length of [
    1,
    100,
    4_096,
    8_192,
    12_288,
    12_289,
    bytes / 4,
    bytes / 2,
    bytes - 262_144,
    bytes - 4_096,
    bytes - 1,
  ]) {
    const copy = copyOf(t, large)
    truncateSync(join(copy, FILE), Math.floor(length))
    outcomes.push(await assertNeverWrong(copy))
  }
  t.diagnostic(countsOf(outcomes))
  assert.ok(!outcomes.includes('right'))
})

test('figures whose file has flipped bits are never wrong', async t => {
  const seed = Number(process.env.DAMAGE_SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`DAMAGE_SEED=${seed}`)
  const random = seededRandom(seed)
  const outcomes: string[] = []
  for (let i = 0; i < 40; i++) {
    const copy = copyOf(t, large)
    const bytes = readFileSync(join(copy, FILE))
    const within = i % 3 === 0 ? 12_288 : bytes.length
    for (let flip = 0; flip <= i % 5; flip++) {
      const at = Math.floor(random() * within)
      bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8))
    }
    writeFileSync(join(copy, FILE), bytes)
    outcomes.push(await assertNeverWrong(copy))
  }
  t.diagnostic(countsOf(outcomes))
  assert.ok(outcomes.includes('damaged') && outcomes.includes('anew'))
})

test('figures whose write-ahead log was cut off contain what their checkpoint says', async t => {
  const bytes = readFileSync(join(small, WAL)).length
  const table = new FactTable()
  table.add(Array.from({ length: SMALL }, (_, i) => event(i + 1)))
  const reached = new Set<number>()
  for (let cut = 0; cut <= 10; cut++) {
    const copy = copyOf(t, small)
    truncateSync(join(copy, WAL), Math.round((bytes * cut) / 10) - (cut % 3 === 2 ? 1 : 0))
    const figures = await open(copy)
    const { seq, facts } = await counted(figures)
    assert.equal(facts, seq)
    reached.add(seq)
    // They are continued from there; strings keep the numbers that they have.
    await apply(figures, SMALL - seq, SMALL)
    await table.check(figures, 0)
    await figures.close()
  }
  t.diagnostic(`checkpoints: ${[...reached].join(', ')}`)
  assert.ok(reached.size > 3 && reached.has(SMALL))
})

test('figures whose write-ahead log has flipped bits contain what their checkpoint says, or are begun anew', async t => {
  const random = seededRandom(7)
  for (let i = 0; i < 20; i++) {
    const copy = copyOf(t, small)
    const bytes = readFileSync(join(copy, WAL))
    const at = Math.floor(random() * (i % 3 === 0 ? 200 : bytes.length))
    bytes[at] = bytes[at]! ^ (1 << (i % 8))
    writeFileSync(join(copy, WAL), bytes)
    const figures = await open(copy)
    const { seq, facts } = await counted(figures)
    assert.equal(facts, seq)
    if (figures.begunAnew !== null) assert.equal(seq, 0)
    await figures.close()
  }
})

test('figures with garbage as write-ahead log are never wrong', async t => {
  const random = seededRandom(3)
  const outcomes: string[] = []
  for (const garbage of [
    'garbage'.repeat(1_000),
    new Uint8Array(100_000),
    Uint8Array.from({ length: 100_000 }, () => random() * 256),
    readFileSync(join(small, WAL)),
  ]) {
    const copy = copyOf(t, large)
    writeFileSync(join(copy, WAL), garbage)
    outcomes.push(await assertNeverWrong(copy))
  }
  t.diagnostic(countsOf(outcomes))
  assert.ok(!outcomes.includes('damaged'))
})

test('a dictionary that turns out to be damaged while it is used throws FiguresDamaged', async t => {
  const copy = copyOf(t, large)
  const file = join(copy, STRINGS)
  writeFileSync(file, readFileSync(file).fill(0xff, 4_096 * 3))
  const dictionary = Dictionary.open(file)
  t.after(() => dictionary.close())
  const artists = Array.from({ length: 9_973 }, (_, i) => `artist:${i}`)
  for (const use of [
    () => artists.map(artist => dictionary.idOf(artist)),
    () => dictionary.add(new Set(artists)),
    () => dictionary.after(0),
  ]) {
    assert.throws(use, FiguresDamaged)
  }
})
