import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { openEmbedded, openReader, openSharedStorage } from '../../src/opening/open-storage.ts'
import { connect, operation } from '../../src/storage/mongo/connection.ts'
import { DocumentCopies } from '../../src/storage/mongo/document-copies.ts'
import { collectionName, MongoDocuments, ORDERS } from '../../src/storage/mongo/mongo-documents.ts'
import { ForeignReplica, type SharedStorage, StoreUnavailable } from '../../src/storage/storage.ts'
import { HAS_JAVA_SERVER, leftOut, type MongoServer, SERVERS, startJavaServer } from '../mongo-servers/servers.ts'
import { CONTRACT_COLLECTIONS, type OpenStore, storageContract } from '../storage-contract.ts'
import { MongoProxy } from '../support/mongo-proxy.ts'

if (leftOut() !== null) console.log(leftOut())

for (const { name, start, scansAll } of SERVERS) {
  test(name, async t => {
    const server = await start()
    t.after(() => server.remove())

    await t.test('refuses a replica of another database, and one that has more entries than the database', async () => {
      const store = await openStore(server.uri)
      await store.storage.append([{ id: 'known', timestamp: 0, content: '', decision: '' }])
      await store.storage.close()
      for (const content of [[], [{ id: 'other', timestamp: 0, content: '', decision: '' }]]) {
        const database = `contract_${randomUUID()}`
        const other = await openStore(server.uri, { ...store, database })
        const writer = await openStore(server.uri, { database })
        if (content.length > 0) await writer.storage.append(content)
        await writer.remove()
        await assert.rejects(other.storage.pull(), ForeignReplica)
        await assert.rejects(
          other.storage.append([{ id: 'new', timestamp: 0, content: '', decision: '' }]),
          ForeignReplica,
        )
        await other.storage.close()
      }
      await rm(store.dataDir, { recursive: true })
    })

    await t.test('finds an event that another instance has appended since the last pull', async () => {
      const database = `contract_${randomUUID()}`
      const [one, other] = [await openStore(server.uri, { database }), await openStore(server.uri, { database })]
      await one.storage.append([{ id: 'known', timestamp: 0, content: '', decision: '' }])
      assert.equal((await other.storage.find('known'))?.seq, 1)
      assert.equal(await other.storage.find('unknown'), null)
      await one.remove()
      await other.remove()
    })

    await t.test(
      'gives the documents of a followed collection that another instance has put, after a pull',
      async () => {
        const database = `contract_${randomUUID()}`
        const [one, other] = [await openStore(server.uri, { database }), await openStore(server.uri, { database })]
        const since = async (after: number) =>
          (await one.storage.documentsSince('c6', after, 9)).map(({ id, value }) => [id, value])
        await one.storage.documents.put('c6', [{ id: 'own', group: 'g', value: 'a' }], 9)
        await one.storage.pull()
        const upTo = (await one.storage.documentsSince('c6', 0, 9)).at(-1)!.order
        await other.storage.documents.put('c6', [{ id: 'theirs', group: 'g', value: 'b' }], 9)
        await other.storage.documents.put('c6', [{ id: 'own', group: 'g', value: 'c' }], 9)
        assert.deepEqual(await since(upTo), [])
        await one.storage.pull()
        assert.deepEqual(await since(upTo), [
          ['theirs', 'b'],
          ['own', 'c'],
        ])
        await one.remove()
        await other.remove()
      },
    )

    await t.test('copies a document whose order is smaller than those that were seen before it', async t => {
      const { client, db } = connect({ uri: server.uri, database: `copies_${randomUUID()}` })
      const source = new MongoDocuments(db, CONTRACT_COLLECTIONS)
      const dataDir = await mkdtemp(join(tmpdir(), 'storage-mongo-'))
      const replica = openEmbedded(dataDir)
      t.after(async () => {
        await client.close()
        await replica.close()
        await rm(dataDir, { recursive: true })
      })
      const clock = { now: 0 }
      const copies = new DocumentCopies(source, replica.documents, CONTRACT_COLLECTIONS, () => clock.now)
      const copied = async () => (await replica.documentsSince('c6', 0, 10)).map(({ id }) => id).sort()
      await source.put('c6', [{ id: 'first', group: 'g', value: 'a' }], 9)
      await db.collection<{ _id: string }>(ORDERS).updateOne({ _id: 'c6' }, { $inc: { order: 2 } })
      await source.put('c6', [{ id: 'last', group: 'g', value: 'c' }], 9)
      await copies.pull()
      assert.deepEqual(await copied(), ['first', 'last'])
      const write = (id: string, order: number) =>
        db
          .collection<{ _id: string; order: number }>(collectionName('c6'))
          .insertOne({ _id: id, group: 'g', order, value: 'b' } as { _id: string; order: number })
      await write('late', 2)
      await copies.pull()
      assert.deepEqual(await copied(), ['first', 'last'])
      clock.now += 1_000
      await copies.pull()
      assert.deepEqual(await copied(), ['first', 'last', 'late'])
      await write('later', 3)
      clock.now += 58_000
      await copies.pull()
      assert.deepEqual(await copied(), ['first', 'last', 'late'])
      clock.now += 1_000
      await copies.pull()
      assert.deepEqual(await copied(), ['first', 'last', 'late', 'later'])
    })

    await t.test('fulfils the storage contract', t =>
      storageContract(t, () => openStore(server.uri), scansAll ? 20_000 : undefined),
    )
  })
}

test('throws StoreUnavailable where the server has closed the connection', async t => {
  const listener = createServer(socket => socket.end()).listen(0, '127.0.0.1')
  t.after(() => listener.close())
  await once(listener, 'listening')
  const socket = createConnection((listener.address() as AddressInfo).port, '127.0.0.1').resume()
  await once(socket, 'end')
  const write = () => new Promise((_, reject) => socket.once('error', reject).write('x'))
  await assert.rejects(operation(write), ({ name, cause }) => {
    assert.deepEqual([name, cause.code], ['StoreUnavailable', 'EPIPE'])
    return true
  })
})

test('a batch that is larger than the buffers on the way to the server', { skip: !HAS_JAVA_SERVER }, async t => {
  // Three bytes each: nearly as large as a batch may be.
  const entry = { id: 'large', timestamp: 0, content: '€'.repeat(4_000_000), decision: '' }
  const server = await startJavaServer()
  t.after(() => server.remove())

  await t.test('is written once when the connection breaks in the middle of it', async t => {
    const { proxy, storage } = await openBehindProxy(t, server)
    const appended = storage.append([entry])
    await wait(300)
    proxy.reset()
    assert.deepEqual(await appended, ['accepted'])
    assert.deepEqual(await storage.append([entry]), ['duplicate'])
  })

  await t.test(
    'is refused while the server reads no more of it, and is written once the server reads again',
    async t => {
      const { proxy, storage } = await openBehindProxy(t, server)
      await assert.rejects(storage.append([entry]), StoreUnavailable)
      proxy.listen()
      assert.deepEqual(await storage.append([entry]), ['accepted'])
    },
  )
})

/** A store in use, whose proxy reads nothing more. */
async function openBehindProxy(t: TestContext, server: MongoServer) {
  const proxy = await MongoProxy.open(server.port)
  const { storage, remove } = await openStore(proxy.uri)
  t.after(async () => {
    proxy.listen()
    await remove()
    await proxy.close()
  })
  await storage.append([{ id: 'first', timestamp: 0, content: '', decision: '' }])
  proxy.deafen()
  return { proxy, storage }
}

interface OpenSharedStore extends OpenStore {
  storage: SharedStorage
  dataDir: string
}

async function openStore(uri: string, given: { dataDir?: string; database?: string } = {}): Promise<OpenSharedStore> {
  const dataDir = given.dataDir ?? (await mkdtemp(join(tmpdir(), 'storage-mongo-')))
  const location = { dataDir, mongo: { uri, database: given.database ?? `contract_${randomUUID()}` } }
  const open = () => openSharedStorage(location, CONTRACT_COLLECTIONS)
  const opened: OpenSharedStore = {
    dataDir,
    storage: await open(),
    openReader: async () => openReader(location),
    async reopen() {
      await opened.storage.close()
      return open()
    },
    async remove() {
      await opened.storage.close()
      await rm(dataDir, { recursive: true })
    },
  }
  return opened
}
