/** Real stores in folders, opened and closed again: for what looks at a store from outside. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { KeepSetAside } from '../../src/ingestion/set-aside.ts'
import { openFigures } from '../../src/opening/open-figures.ts'
import { openEmbedded } from '../../src/opening/open-storage.ts'
import { type Differences, verify } from '../../src/opening/verify.ts'
import { figuresFile } from '../../src/storage/duckdb/file-names.ts'
import type { Figures } from '../../src/storage/figures.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { noneSetAside } from './none-set-aside.ts'
import { SMALL } from './temp-store.ts'

export interface Store {
  storage: Storage
  figures: Figures
}

/** A folder that is there while `work` runs. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'stats-folder-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The log of a folder, without its figures. */
export async function withStorage<T>(dataDir: string, work: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = openEmbedded(dataDir)
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}

export function withStore<T>(dataDir: string, work: (store: Store) => Promise<T>): Promise<T> {
  return withStorage(dataDir, async storage => {
    const figures = await openFigures({ dataDir, mongo: null }, SMALL, storage)
    try {
      return await work({ storage, figures })
    } finally {
      await figures.close()
    }
  })
}

/** What `verify` finds in a folder whose figures are closed. */
export function verified(
  dataDir: string,
  storage: Storage,
  keepSetAside: KeepSetAside = noneSetAside.keepSetAside,
): Promise<Differences> {
  return withFolder(scratch =>
    verify({
      ...{ folder: dataDir, log: storage, documents: storage, scratch, settings: SMALL, shown: 100, keepSetAside },
      onProgress: () => {},
    }),
  )
}

/** Changes figures that are closed, as a fault of the disk or of the service would. */
export async function tamper(dataDir: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(figuresFile(dataDir))
  const connection = await instance.connect()
  try {
    await connection.run(sql)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
