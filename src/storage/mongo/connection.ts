/** The connection to MongoDB, what it promises, and what its faults mean to the service. */
import { type Db, MongoClient, MongoError } from 'mongodb'
import { StoreUnavailable } from '../storage.ts'

export interface MongoLocation {
  /** `mongodb://…` or `mongodb+srv://…`. */
  uri: string
  database: string
}

/** A server that is silent for so long counts as away, in the middle of an operation and before it. */
const SILENCE_MS = 5_000
const FIND_SERVER_MS = 3_000
const DUPLICATE_KEY = 11_000

/**
 * What was written is on the disks of a majority before anybody hears of it, and nothing is read that could still be
 * rolled back: whatever the URI says. It connects again after every loss, once it has been connected.
 */
export function connect({ uri, database }: MongoLocation): { client: MongoClient; db: Db } {
  const client = new MongoClient(uri, {
    appName: 'undersounds-stats',
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    socketTimeoutMS: SILENCE_MS,
    serverSelectionTimeoutMS: FIND_SERVER_MS,
    connectTimeoutMS: FIND_SERVER_MS,
    maxPoolSize: 10,
  })
  return { client, db: client.db(database) }
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoError && error.code === DUPLICATE_KEY
}

/**
 * Whatever MongoDB or the way to it refuses is `StoreUnavailable`: a server that is away, one that is no longer the
 * primary, a write that no majority confirmed, missing rights. Anything else stays what it is.
 */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof MongoError)) return error
  return new StoreUnavailable(`MongoDB cannot be used now: ${error.message}`, { cause: error })
}

/** Runs one operation. @throws StoreUnavailable */
export async function operation<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asUnavailable(error)
  }
}
