import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { changeBytes, makeStore, plays, storeFile, TempFolder } from '../../../test/support/damaged-store.ts'
import { unpackStore } from '../../../test/support/outdated-store.ts'
import { StoreDamaged, StoreLoss, StoreUnusable } from '../storage.ts'
import { backUp } from './back-up.ts'
import { checkStore } from './check.ts'
import { putHeaderRight, requireHeader } from './header.ts'
import { repair } from './repair.ts'
import { openSqliteStorage } from './sqlite-storage.ts'

const ALL = plays(60)
const ENTRIES = ALL.slice(0, 50)
const HEADER = 100

const sound = new TempFolder()
after(() => sound[Symbol.dispose]())
await makeStore(sound.path, ENTRIES, 5)

function storeWith(at: number, value: number): TempFolder {
  const folder = new TempFolder()
  copyFileSync(storeFile(sound.path), storeFile(folder.path))
  changeBytes(folder.path, bytes => {
    bytes[at] = value
  })
  return folder
}

/** Opens the store, sends all entries, and reads them. */
async function work(folder: string): Promise<void> {
  const storage = openSqliteStorage(folder)
  try {
    const outcomes = await storage.append(ALL)
    assert.ok(outcomes.slice(0, ENTRIES.length).every(outcome => outcome === 'duplicate'))
    const read = await storage.readLog(0, 100)
    assert.deepEqual(
      read.map(({ seq, ...entry }) => entry),
      ALL,
    )
  } finally {
    await storage.close()
  }
}

async function start(folder: string): Promise<string[]> {
  const lines: string[] = []
  await repair(folder, { acceptLoss: false, announce: line => lines.push(line), removeDerived: () => {} })
  return lines
}

/** Whether nothing is lost. Else a start refuses the store, or the first write does. */
async function isWhole(folder: string): Promise<boolean> {
  try {
    await start(folder)
    return await work(folder).then(
      () => true,
      error => {
        if (!(error instanceof StoreDamaged)) throw error
        return false
      },
    )
  } catch (error) {
    if (!(error instanceof StoreLoss || error instanceof StoreUnusable)) throw error
    return false
  }
}

const original = readFileSync(storeFile(sound.path))

test('a store with any byte of its header changed works after two starts, or is refused with StoreLoss or StoreUnusable', async () => {
  const refused: number[] = []
  for (let at = 0; at < HEADER; at++) {
    using folder = storeWith(at, original[at]! ^ 0x56)
    if (!(await isWhole(folder.path)) && !(await isWhole(folder.path))) refused.push(at)
  }
  // The format of the store: any other one may be that of a newer version.
  assert.deepEqual(refused, [60, 61, 62, 63])
})

for (const [at, value] of [
  [0, 0],
  [16, 0],
  [18, 4],
  [19, 255],
  [21, 0],
  [47, 5],
  [59, 0],
] as const) {
  test(`a start corrects byte ${at} of the header where it is ${value}, and loses nothing`, async () => {
    using folder = storeWith(at, value)
    const what = /the header is wrong at byte \d+/
    assert.throws(() => openSqliteStorage(folder.path), { name: 'StoreDamaged', message: what })
    assert.match(checkStore(folder.path, () => {}).problems.join(), what)
    const progress = { onCopied: () => {}, onChecked: () => {} }
    await assert.rejects(backUp(folder.path, join(folder.path, 'back-up'), progress), {
      name: 'BackUpFault',
      message: what,
    })
    const lines = await start(folder.path)
    assert.match(lines.join('\n'), /the header of the store's file was wrong at byte \d+, and is put right/)
    assert.match(lines.join('\n'), /nothing else of the store is damaged/)
    assert.deepEqual(await start(folder.path), [])
    await work(folder.path)
  })
}

test('headers of earlier versions are accepted, and files that are no stores are left as they are', async () => {
  for (const fixture of ['lowerCase', 'farFuture', 'manyItems'] as const) {
    using folder = new TempFolder()
    await unpackStore(fixture, folder.path)
    requireHeader(storeFile(folder.path))
  }
  using folder = new TempFolder()
  const others = ['', 'CREATE TABLE events (seq INTEGER);\n', 'SQLite format 3'.padEnd(8_192, 'x')]
  for (const content of others) {
    writeFileSync(storeFile(folder.path), content)
    requireHeader(storeFile(folder.path))
    assert.equal(putHeaderRight(storeFile(folder.path)), null)
    assert.equal(readFileSync(storeFile(folder.path), 'utf8'), content)
  }
})
