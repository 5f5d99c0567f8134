/** The connection to MongoDB: its guarantees, its time limits, and what its errors mean to the service. */
import { type Abortable, type CommandOperationOptions, type Db, MongoClient, MongoError } from 'mongodb'
import { StoreUnavailable } from '../storage.ts'

export interface MongoLocation {
  /** `mongodb://…` or `mongodb+srv://…`. */
  uri: string
  database: string
}

/** Milliseconds without an answer after which a server counts as away. */
const SILENCE_MS = 5_000
const FIND_SERVER_MS = 3_000
/**
 * The time limit of a write. Where the server is silent while a large one is still being sent, the driver closes the
 * connection after SILENCE_MS, but lets the write wait for ever.
 */
const WRITE_MS = 10_000
const DUPLICATE_KEY = 11_000

/**
 * Whatever the URI says, a write is on the disks of a majority before it is confirmed, and nothing is read that could still
 * be rolled back. Once the client has been connected, it connects again after every loss.
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

/** Whether an operation was refused because there is a document of this key already. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof StoreUnavailable && error.cause instanceof MongoError && error.cause.code === DUPLICATE_KEY
}

/**
 * Runs one operation.
 * @throws StoreUnavailable for every error of MongoDB or of the network: a server that is away, one that is no longer the
 *   primary, a write that no majority confirmed, missing rights
 */
export async function operation<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isOfMongo(error)) throw error
    throw new StoreUnavailable(`MongoDB cannot be used now: ${error.message}`, { cause: error })
  }
}

/** An operation that writes, to be given these options. */
export type Write<T> = (bounds: CommandOperationOptions) => Promise<T>

/** Runs a write within WRITE_MS. @throws StoreUnavailable as `operation` */
export function write<T>(work: Write<T>): Promise<T> {
  // The driver obeys the signal in every operation, but its types allow it for reads only.
  const bounds: CommandOperationOptions & Abortable = { signal: AbortSignal.timeout(WRITE_MS) }
  return operation(() => work(bounds))
}

/**
 * The driver throws its own errors, those of Node where a connection breaks while it sends (`ECONNRESET`, `EPIPE`), and a
 * TimeoutError at the end of WRITE_MS.
 */
function isOfMongo(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  const isOfNode = 'code' in error && typeof error.code === 'string'
  return error instanceof MongoError || isOfNode || error.name === 'TimeoutError'
}
