/** Creates the collections' indexes, and their shard keys where the database is a sharded cluster. */
import type { Collection, Db, MongoClient } from 'mongodb'
import type { CollectionSpec } from '../storage.ts'
import { operation } from './connection.ts'
import { CHAIN } from './event-chain.ts'
import { collectionName, ORDERS } from './mongo-documents.ts'

/** The hashed `_id`, which is unique across shards. Hashing spreads the chain's growing positions over them. */
const SHARD_KEY = { _id: 'hashed' }

/** Indexes of the documents, for their listings. The chain is read by `_id` alone. */
const INDEXES: Record<string, Record<string, 1>> = {
  order_1: { order: 1 },
  group_1_order_1: { group: 1, order: 1 },
}

/**
 * Creates what is missing, and changes nothing else. Any number of instances may do it at the same time.
 * @throws StoreUnavailable also where the rights for it are missing
 */
export async function prepareCollections(client: MongoClient, db: Db, specs: readonly CollectionSpec[]): Promise<void> {
  const documents = specs.map(({ name }) => collectionName(name))
  const present = await operation(() => db.listCollections({}, { nameOnly: true }).toArray())
  for (const name of documents) {
    const isThere = present.some(collection => collection.name === name)
    await operation(() => createIndexes(db.collection(name), isThere))
  }
  if (!(await operation(() => isSharded(db)))) return
  const admin = client.db('admin')
  await operation(() => admin.command({ enableSharding: db.databaseName }))
  for (const name of [CHAIN, ORDERS, ...documents]) {
    await operation(() => admin.command({ shardCollection: `${db.databaseName}.${name}`, key: SHARD_KEY }))
  }
}

/** Only where they are missing: FerretDB 1 breaks the connection where they are not. */
async function createIndexes(collection: Collection, isThere: boolean): Promise<void> {
  const names = Object.keys(INDEXES)
  if (isThere && (await collection.indexExists(names))) return
  await collection.createIndexes(names.map(name => ({ name, key: INDEXES[name]! })))
}

/** Only `mongos`, the router of a sharded cluster, answers `isdbgrid`. `isMaster` is the name that every server knows. */
async function isSharded(db: Db): Promise<boolean> {
  const { msg } = await db.admin().command({ isMaster: 1 })
  return msg === 'isdbgrid'
}
