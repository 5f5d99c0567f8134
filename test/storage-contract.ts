/** What every store must do. An adapter's test is one call: `test('SQLite', t => storageContract(t, …))`. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  type CollectionSpec,
  type LogEntry,
  type Storage,
  type StorageReader,
  type StoredDocument,
  type StoredEntry,
  StoreInUse,
} from '../src/storage/storage.ts'

/** What the contract keeps; an adapter is opened with it. */
export const CONTRACT_COLLECTIONS: readonly CollectionSpec[] = [
  ...['c10', 'c1', 'c2', 'c3', 'c4', 'c5'].map(name => ({ name, isFollowed: false })),
  ...['c6', 'c7', 'c8', 'c9'].map(name => ({ name, isFollowed: true })),
]

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

const entry = (id: string, timestamp = 0, content = 'a', decision = ''): LogEntry => ({
  id,
  timestamp,
  content,
  decision,
})

/** `many`: how many events the log has to tell apart; fewer for a server that reads all of them for every answer. */
export async function storageContract(t: TestContext, open: () => Promise<OpenStore>, many = 300_000): Promise<void> {
  await t.test('event log', t => logContract(t, open, many))
  await t.test('documents', t => documentContract(t, open))
}

/** One store for all tests of a part; each test uses ids and keys of its own. */
async function useStore(t: TestContext, open: () => Promise<OpenStore>): Promise<OpenStore> {
  const opened = await open()
  t.after(() => opened.remove())
  return opened
}

async function logContract(t: TestContext, open: () => Promise<OpenStore>, many: number): Promise<void> {
  const store = await useStore(t, open)

  await t.test(
    'accepts an event once: the same one again is a duplicate, another one under its id is a conflict',
    async () => {
      const { storage } = store
      assert.deepEqual(await storage.append([entry('once', 1, 'a'), entry('twice', 1)]), ['accepted', 'accepted'])
      assert.deepEqual(await storage.append([entry('once', 1, 'a')]), ['duplicate'])
      assert.deepEqual(await storage.append([entry('once', 2, 'a')]), ['conflict'])
      assert.deepEqual(await storage.append([entry('once', 1, 'b')]), ['conflict'])
    },
  )

  await t.test('finds an event by its id', async () => {
    const { storage } = store
    await storage.append([entry('other'), entry('known', 7, 'a')])
    const found = await storage.find('known')
    assert.deepEqual(found, { ...entry('known', 7, 'a'), seq: found?.seq })
    assert.deepEqual([found], await storage.readLog(found!.seq - 1, 1))
    assert.deepEqual([await storage.find('Known'), await storage.find('')], [null, null])
  })

  await t.test('compares entries of one call with each other', async () => {
    const { storage } = store
    const outcomes = await storage.append([entry('x'), entry('x'), entry('x', 0, 'b'), entry('y')])
    assert.deepEqual(outcomes, ['accepted', 'duplicate', 'conflict', 'accepted'])
  })

  await t.test('compares events without the decision', async () => {
    const { storage } = store
    await storage.append([entry('ingested', 0, 'a', 'first')])
    assert.deepEqual(await storage.append([entry('ingested', 0, 'a', 'second')]), ['duplicate'])
  })

  await t.test('tells ids apart that look alike', async () => {
    const { storage } = store
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

  await t.test('reads entries back in order, as they were, from any position', async () => {
    const { storage } = store
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

  await t.test('reads few entries at a time where they have much text, and omits none', async () => {
    const { storage } = store
    const from = await storage.lastSeq()
    const sent = Array.from({ length: 6 }, (_, i) => entry(`large-${i}`, i, JSON.stringify('x'.repeat(900_000 + i))))
    await storage.append(sent)
    const pages: StoredEntry[][] = []
    for (let after = from; after < from + sent.length; after = pages.at(-1)!.at(-1)!.seq) {
      pages.push(await storage.readLog(after, 100))
      assert.ok(pages.at(-1)!.length >= 1 && pages.at(-1)!.length <= 2)
    }
    assert.deepEqual(
      pages.flat().map(({ seq, ...rest }) => rest),
      sent,
    )
  })

  await t.test('recognises every id for ever, after restarts and far beyond what memory keeps', async () => {
    const id = (i: number) => `many-${i}`
    for (let from = 0; from < many; from += 5_000) {
      const batch = Array.from({ length: 5_000 }, (_, i) => entry(id(from + i), from + i))
      assert.ok((await store.storage.append(batch)).every(outcome => outcome === 'accepted'))
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
    await check(store.storage)
    store.storage = await store.reopen()
    const again = await store.storage.append(sample.map(i => entry(id(i), i)))
    assert.ok(again.every(outcome => outcome === 'duplicate'))
    assert.deepEqual(await store.storage.append([entry(id(-1))]), ['duplicate'])
  })

  await t.test('stores entries of any date', async () => {
    const { storage } = store
    const after = await storage.lastSeq()
    const times = [-8.64e15, Date.UTC(0, 0, 1), -1, 0, Date.UTC(9999, 11, 31), 8.64e15]
    await storage.append(times.map((at, i) => entry(`far-${i}`, at)))
    const read = await storage.readLog(after, 10)
    assert.deepEqual(
      read.map(({ timestamp }) => timestamp),
      times,
    )
  })

  await t.test('shows a reader the entries that are appended after it was opened', async () => {
    const { storage, openReader } = store
    const reader = await openReader()
    try {
      const after = await reader.lastSeq()
      assert.equal(after, await storage.lastSeq())
      await storage.append([entry('seen-1', 3, 'é', 'r'), entry('seen-2')])
      assert.equal(await reader.lastSeq(), await storage.lastSeq())
      assert.deepEqual(await reader.readLog(after, 10), await storage.readLog(after, 10))
    } finally {
      await reader.close()
    }
  })

  await t.test('refuses a second writer', async t => {
    const { openAgain } = store
    if (!openAgain) return t.diagnostic('this store allows several writers')
    await assert.rejects(openAgain(), StoreInUse)
  })
}

async function documentContract(t: TestContext, open: () => Promise<OpenStore>): Promise<void> {
  const store = await useStore(t, open)
  const document = (id: string, group = 'g', value = '{}') => ({ id, group, value })

  await t.test('keeps the newest documents, lists them newest first in pages, and counts them by group', async () => {
    const { documents } = store.storage
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
    assert.deepEqual(await ofGroups(['h', 'g', 'none'], { limit: 2 }), ['1', '3'])
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

  await t.test('gets documents by id, and removes them by id, by group or all, in one collection only', async () => {
    const { documents } = store.storage
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

  await t.test('adds a document only where its id is free; of several concurrent calls one succeeds', async () => {
    const { documents } = store.storage
    const tries = await Promise.all(['a', 'b', 'c'].map(value => documents.add('c4', document('1', 'g', value), 2)))
    assert.deepEqual(tries.filter(Boolean), [true])
    assert.equal((await documents.get('c4', '1'))?.value, ['a', 'b', 'c'][tries.indexOf(true)])
    for (const id of ['2', '3']) assert.equal(await documents.add('c4', document(id), 2), true)
    assert.equal(await documents.get('c4', '1'), null)
  })

  await t.test('removes the oldest documents except those that are spared, whatever their number', async () => {
    const { documents } = store.storage
    const kept = async () => (await documents.list('c10', { limit: 10 })).map(({ id }) => id)
    await documents.put('c10', [document('1'), document('2'), document('3')], 10)
    assert.equal(await documents.add('c10', document('4'), 2, ['1', 'none']), true)
    assert.deepEqual(await kept(), ['4', '1'])
    assert.equal(await documents.add('c10', document('5'), 1, ['1', '4', '5']), true)
    assert.deepEqual(await kept(), ['5', '4', '1'])
    assert.equal(await documents.add('c10', document('5'), 1), false)
    assert.equal(await documents.add('c10', document('6'), 1, []), true)
    assert.deepEqual(await kept(), ['6'])
  })

  await t.test('swaps a value only where it is the expected one, and keeps order and group', async () => {
    const { documents } = store.storage
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

  await t.test(
    'gives the documents of a followed collection in the order in which they were put, in pages',
    async () => {
      const { storage, openReader } = store
      const reader = await openReader()
      try {
        for (const side of [storage, reader]) assert.deepEqual(await side.documentsSince('c6', 0, 10), [])
        await storage.documents.put('c6', [document('b', 'g', '1'), document('a', 'h', 'é🎵')], 10)
        assert.equal(await storage.documents.add('c6', document('c', 'g', '3'), 10), true)
        assert.equal(await storage.documents.add('c6', document('a', 'g', 'not added'), 10), false)
        await storage.documents.put('c7', [document('other')], 10)
        for (const side of [storage, reader]) {
          const all = await side.documentsSince('c6', 0, 10)
          assert.deepEqual(all.map(withoutOrder), [
            document('b', 'g', '1'),
            document('a', 'h', 'é🎵'),
            document('c', 'g', '3'),
          ])
          assert.ok(all.every(({ order }, i) => order > (all[i - 1]?.order ?? 0)))
          for (const limit of [1, 2]) assert.deepEqual(await inPages(side, 'c6', limit), all)
          assert.deepEqual(await side.documentsSince('c6', all[0]!.order, 1), [all[1]])
          assert.deepEqual(await side.documentsSince('c6', all.at(-1)!.order, 10), [])
        }
      } finally {
        await reader.close()
      }
    },
  )

  await t.test('gives a document that is put again at its new order only', async () => {
    const { storage, openReader } = store
    const reader = await openReader()
    try {
      await storage.documents.put('c8', [document('1', 'g', 'old'), document('2')], Number.POSITIVE_INFINITY)
      const upTo = (await storage.documentsSince('c8', 0, 10)).at(-1)!.order
      await storage.documents.put('c8', [document('1', 'h', 'new')], Number.POSITIVE_INFINITY)
      for (const side of [storage, reader]) {
        assert.deepEqual((await side.documentsSince('c8', upTo, 10)).map(withoutOrder), [document('1', 'h', 'new')])
        assert.deepEqual(
          (await side.documentsSince('c8', 0, 10)).map(({ id }) => id),
          ['2', '1'],
        )
      }
      await storage.documents.put('c8', [document('2', 'g', '{}')], Number.POSITIVE_INFINITY)
      assert.deepEqual(
        (await storage.documentsSince('c8', upTo, 10)).map(({ id }) => id),
        ['1', '2'],
      )
    } finally {
      await reader.close()
    }
  })

  await t.test('goes on with greater orders after a restart, even where the newest document was replaced', async () => {
    const { documents } = store.storage
    await documents.put('c9', [document('1'), document('2')], Number.POSITIVE_INFINITY)
    const upTo = (await store.storage.documentsSince('c9', 0, 10)).at(-1)!.order
    await documents.put('c9', [document('2', 'g', 'again')], Number.POSITIVE_INFINITY)
    store.storage = await store.reopen()
    await store.storage.documents.put('c9', [document('3')], Number.POSITIVE_INFINITY)
    assert.deepEqual(
      (await store.storage.documentsSince('c9', upTo, 10)).map(({ id }) => id),
      ['2', '3'],
    )
  })
}

const withoutOrder = ({ order, ...rest }: StoredDocument) => rest

/** All documents of a followed collection, a page after the other. */
async function inPages(side: StorageReader, collection: string, limit: number): Promise<StoredDocument[]> {
  const found: StoredDocument[] = []
  let page = await side.documentsSince(collection, 0, limit)
  while (page.length > 0) {
    found.push(...page)
    page = await side.documentsSince(collection, page.at(-1)!.order, limit)
  }
  return found
}
