/** Small documents in MongoDB, in one collection for each of the service's. All instances share the counters of `order`. */
import type { Collection, Db, Filter } from 'mongodb'
import type { CollectionSpec, DocumentChoice, Documents, StoredDocument } from '../storage.ts'
import { isDuplicateKey, operation, type Write, write } from './connection.ts'

/** The last order that was given out in each collection. */
export const ORDERS = 'document_orders'

interface MongoDocument {
  _id: string
  group: string
  order: number
  value: string
}

interface Counter {
  _id: string
  order: number
}

/** Updates in one command: some servers that speak MongoDB's protocol do not answer one with 100. */
const BULK = 50

/** The prefix tells them from the collections of the old service, which may be in the same database. */
export const collectionName = (collection: string): string => `stats_${collection.replaceAll('-', '_')}`

export class MongoDocuments implements Documents {
  readonly #collections: ReadonlyMap<string, Collection<MongoDocument>>
  readonly #orders: Collection<Counter>

  constructor(db: Db, specs: readonly CollectionSpec[]) {
    this.#collections = new Map(specs.map(({ name }) => [name, db.collection<MongoDocument>(collectionName(name))]))
    this.#orders = db.collection<Counter>(ORDERS)
  }

  async put(collection: string, documents: readonly Omit<StoredDocument, 'order'>[], max: number): Promise<number> {
    const written = this.#collection(collection)
    const first = await this.#takeOrders(collection, documents.length)
    const updates = documents.map(({ id, group, value }, i) => ({
      replaceOne: { filter: { _id: id }, replacement: { group, order: first + i, value }, upsert: true },
    }))
    for (let i = 0; i < updates.length; i += BULK) {
      await insertOrUpdate(bounds => written.bulkWrite(updates.slice(i, i + BULK), bounds))
    }
    return this.#removeExcess(written, max)
  }

  async add(
    collection: string,
    { id, group, value }: Omit<StoredDocument, 'order'>,
    max: number,
    spared: readonly string[] = [],
  ): Promise<boolean> {
    const written = this.#collection(collection)
    const order = await this.#takeOrders(collection, 1)
    try {
      await write(bounds => written.insertOne({ _id: id, group, order, value }, bounds))
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
    await this.#removeExcess(written, max, new Set(spared))
    return true
  }

  async swap(collection: string, id: string, from: string, to: string): Promise<boolean> {
    const written = this.#collection(collection)
    const { matchedCount } = await write(bounds =>
      written.updateOne({ _id: id, value: from }, { $set: { value: to } }, bounds),
    )
    return matchedCount === 1
  }

  async get(collection: string, id: string): Promise<StoredDocument | null> {
    const found = await operation(() => this.#collection(collection).findOne({ _id: id }))
    return found && toDocument(found)
  }

  async list(
    collection: string,
    { group, before, limit }: Parameters<Documents['list']>[1],
  ): Promise<StoredDocument[]> {
    const filter: Filter<MongoDocument> = {}
    if (group !== undefined) filter.group = typeof group === 'string' ? group : { $in: [...group] }
    if (before !== undefined) filter.order = { $lt: before }
    const newest = this.#collection(collection).find(filter).sort({ order: -1 }).limit(limit)
    return (await operation(() => newest.toArray())).map(toDocument)
  }

  /** The documents with a greater order than `after`, by order, at most `limit`. @throws StoreUnavailable */
  async listAfter(collection: string, after: number, limit: number): Promise<StoredDocument[]> {
    const next = this.#collection(collection)
      .find({ order: { $gt: after } })
      .sort({ order: 1 })
      .limit(limit)
    return (await operation(() => next.toArray())).map(toDocument)
  }

  /** The last order that was given out in each of the collections, 0 where none was. @throws StoreUnavailable */
  async lastOrders(collections: readonly string[]): Promise<Map<string, number>> {
    const counters = await operation(() => this.#orders.find({ _id: { $in: [...collections] } }).toArray())
    const orders = new Map(counters.map(({ _id, order }) => [_id, order]))
    return new Map(collections.map(collection => [collection, orders.get(collection) ?? 0]))
  }

  async counts(collection: string): Promise<Map<string, number>> {
    const groups = this.#collection(collection).aggregate<{ _id: string; n: number }>([
      { $group: { _id: '$group', n: { $sum: 1 } } },
    ])
    return new Map((await operation(() => groups.toArray())).map(({ _id, n }) => [_id, n]))
  }

  async remove(collection: string, { ids, orders, group }: DocumentChoice): Promise<number> {
    const filter: Filter<MongoDocument> = {}
    if (ids) filter._id = { $in: [...ids] }
    if (orders) filter.order = { $in: [...orders] }
    if (group !== undefined) filter.group = group
    return (await write(bounds => this.#collection(collection).deleteMany(filter, bounds))).deletedCount
  }

  #collection(name: string): Collection<MongoDocument> {
    const collection = this.#collections.get(name)
    if (!collection) throw new Error(`no collection ${name}`)
    return collection
  }

  /** Takes `count` orders that no other document gets, and returns the first. */
  async #takeOrders(collection: string, count: number): Promise<number> {
    const counter = await insertOrUpdate(() =>
      this.#orders.findOneAndUpdate(
        { _id: collection },
        { $inc: { order: count } },
        { upsert: true, returnDocument: 'after' },
      ),
    )
    if (!counter) throw new Error(`no order was given out in ${collection}`)
    return counter.order - count + 1
  }

  /** Removes the oldest by order: a document that was put again meanwhile has a new order, and stays. */
  async #removeExcess(
    collection: Collection<MongoDocument>,
    max: number,
    spared: ReadonlySet<string> = new Set(),
  ): Promise<number> {
    if (max === Number.POSITIVE_INFINITY) return 0
    const excess = (await operation(() => collection.countDocuments())) - max
    if (excess <= 0) return 0
    const oldest = collection
      .find({}, { projection: { order: 1 } })
      .sort({ order: 1 })
      .limit(excess + spared.size)
    const leaving = (await operation(() => oldest.toArray())).filter(({ _id }) => !spared.has(_id)).slice(0, excess)
    const orders = leaving.map(({ order }) => order)
    return (await write(bounds => collection.deleteMany({ order: { $in: orders } }, bounds))).deletedCount
  }
}

/** Where two insert one document at the same time, one gets a duplicate key: it tries again, and updates. */
async function insertOrUpdate<T>(work: Write<T>): Promise<T> {
  try {
    return await write(work)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    return write(work)
  }
}

function toDocument({ _id, group, order, value }: MongoDocument): StoredDocument {
  return { id: _id, group, order, value }
}
