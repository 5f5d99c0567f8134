import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { openReader, openStorage } from '../src/storage/open-storage.ts'
import { leftOut, type MongoServer, SERVERS } from './mongo-servers/servers.ts'
import { CONTRACT_LAYOUT, type OpenStore, storageContract } from './storage-contract.ts'

if (leftOut() !== null) console.log(leftOut())

for (const { name, start, scansAll } of SERVERS) {
  describe(name, () => {
    let server: MongoServer
    before(async () => {
      server = await start()
    })
    after(() => server.remove())
    storageContract(`MongoDB as ${name} speaks it`, () => openStore(server.uri), scansAll ? 20_000 : undefined)
  })
}

async function openStore(uri: string): Promise<OpenStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'storage-mongo-'))
  const location = { dataDir, mongo: { uri, database: `contract_${randomUUID()}` } }
  const open = () => openStorage(location, CONTRACT_LAYOUT)
  const opened: OpenStore = {
    storage: await open(),
    openReader: async () => openReader(location, CONTRACT_LAYOUT.tables),
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
