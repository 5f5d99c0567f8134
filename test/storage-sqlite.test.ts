import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqliteReader } from '../src/storage/sqlite/sqlite-reader.ts'
import { openSqliteStorage } from '../src/storage/sqlite/sqlite-storage.ts'
import { type OpenStore, storageContract } from './storage-contract.ts'

test('SQLite fulfils the storage contract', t => storageContract(t, openStore))

async function openStore(): Promise<OpenStore> {
  const directory = await mkdtemp(join(tmpdir(), 'storage-sqlite-'))
  const open = () => openSqliteStorage(directory)
  const opened: OpenStore = {
    storage: open(),
    openReader: async () => openSqliteReader(directory),
    openAgain: async () => open(),
    async reopen() {
      await opened.storage.close()
      return open()
    },
    async remove() {
      await opened.storage.close()
      await rm(directory, { recursive: true })
    },
  }
  return opened
}
