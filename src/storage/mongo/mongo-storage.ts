/**
 * The store of several instances. MongoDB has the truth: the event log, as a chain of batches, and the documents. Each
 * instance keeps a replica of the log, in an embedded store of its own, beside the figures that are made from it, and answers
 * all questions from there. The replica only ever follows the chain, so every instance comes to the same figures; where it
 * is lost, it is filled again.
 */
import type { MongoClient } from 'mongodb'
import {
  type AppendOutcome,
  type CollectionSpec,
  type Documents,
  type EmbeddedStorage,
  ForeignReplica,
  type LogEntry,
  type Seq,
  type SharedStorage,
  type StoredDocument,
  type StoredEntry,
  StoreUnavailable,
} from '../storage.ts'
import { prepareCollections } from './collections.ts'
import { connect, type MongoLocation, operation } from './connection.ts'
import { DocumentCopies } from './document-copies.ts'
import { EventChain } from './event-chain.ts'
import { MongoDocuments } from './mongo-documents.ts'

/** The embedded store that an instance keeps its replica in. */
export interface Replica extends EmbeddedStorage {
  /** The outcome that `append` would give for each entry. */
  compare(entries: readonly LogEntry[]): AppendOutcome[]
}

/** Entries taken in at a time. */
const PULL_ENTRIES = 5_000
/** Characters in one batch: as UTF-8, at most three quarters of what a document may have. */
const BATCH_CHARACTERS = 4 * 2 ** 20
/** What an entry costs beside its text. */
const ENTRY_OVERHEAD = 100
/** How long an append tries to reach the end of the chain while other instances append too. */
const TIME_LIMIT_MS = 15_000
const FOREIGN =
  'the replica in the data directory is not one of this database: set another DATA_DIR, or remove its folder "replica"; it is only a copy'

const OUT_OF_REACH = 'the end of the shared log could not be reached in time'

/** Opens the store; the connection is made with the first operation. `replica` is closed with it. */
export async function openMongoStorage(
  location: MongoLocation,
  replica: Replica,
  collections: readonly CollectionSpec[],
): Promise<SharedStorage> {
  const { client, db } = connect(location)
  const documents = new DocumentCopies(new MongoDocuments(db, collections), replica.documents, collections)
  await documents.start()
  const prepare = () => prepareCollections(client, db, collections)
  return new MongoStorage(client, new EventChain(db), documents, replica, prepare)
}

class MongoStorage implements SharedStorage {
  readonly isShared = true
  readonly documents: Documents
  readonly #client: MongoClient
  readonly #chain: EventChain
  readonly #copies: DocumentCopies
  readonly #replica: Replica
  readonly #prepare: () => Promise<void>
  #isReady = false
  /** The last operation. They run one after the other, because each needs to know where the replica's log ends. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    client: MongoClient,
    chain: EventChain,
    copies: DocumentCopies,
    replica: Replica,
    prepare: () => Promise<void>,
  ) {
    this.#client = client
    this.#chain = chain
    this.#copies = copies
    this.#replica = replica
    this.#prepare = prepare
    this.documents = copies
  }

  append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    return this.#inTurn(async () => {
      const outcomes: AppendOutcome[] = []
      for (const part of inParts(entries)) outcomes.push(...(await this.#append(part)))
      return outcomes
    })
  }

  pull(onTaken?: (entries: readonly LogEntry[]) => void): Promise<boolean> {
    return this.#inTurn(async () => {
      await this.#copies.pull()
      return this.#pull(onTaken)
    })
  }

  readLog(after: Seq, limit: number): Promise<StoredEntry[]> {
    return this.#replica.readLog(after, limit)
  }

  lastSeq(): Promise<Seq> {
    return this.#replica.lastSeq()
  }

  find(id: string): Promise<StoredEntry | null> {
    return this.#inTurn(async () => {
      const known = await this.#replica.find(id)
      if (known) return known
      const deadline = performance.now() + TIME_LIMIT_MS
      while (await this.#pull()) if (performance.now() >= deadline) throw new StoreUnavailable(OUT_OF_REACH)
      return this.#replica.find(id)
    })
  }

  documentsSince(collection: string, after: number, limit: number): Promise<StoredDocument[]> {
    return this.#replica.documentsSince(collection, after, limit)
  }

  async close(): Promise<void> {
    await this.#last
    await this.#client.close()
    await this.#replica.close()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      await this.#beReady()
      return work()
    })
    this.#last = result.catch(() => {})
    return result
  }

  async #beReady(): Promise<void> {
    if (this.#isReady) return
    // A client that never had a connection does not try again by itself.
    await operation(() => this.#client.connect())
    // First, so that nothing is created in a database that is not the replica's.
    await this.#checkReplica()
    await this.#prepare()
    this.#isReady = true
  }

  /** @throws ForeignReplica unless the replica ends with a batch of this very chain, or is empty */
  async #checkReplica(): Promise<void> {
    const lastSeq = await this.#replica.lastSeq()
    if (lastSeq === 0) return
    const [ours] = await this.#replica.readLog(lastSeq - 1, 1)
    const theirs = (await this.#chain.batchOf(lastSeq)).at(-1)
    if (theirs?.seq !== lastSeq || theirs.id !== ours?.id) throw new ForeignReplica(FOREIGN)
  }

  /**
   * Entries that the replica has are in the chain for good; the others are inserted behind it. Where another instance was
   * faster, its events are taken in, and the entries are compared again, because they may be the same.
   */
  async #append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    const deadline = performance.now() + TIME_LIMIT_MS
    while (performance.now() < deadline) {
      const outcomes = this.#replica.compare(entries)
      const accepted = entries.filter((_, i) => outcomes[i] === 'accepted')
      if (accepted.length === 0) return outcomes
      if (await this.#chain.insert(await this.#replica.lastSeq(), accepted)) {
        await this.#takeInLater(accepted)
        return outcomes
      }
      while ((await this.#pull()) && performance.now() < deadline);
    }
    throw new StoreUnavailable(OUT_OF_REACH)
  }

  /** Takes in at most PULL_ENTRIES and the rest of a batch; says whether there may be more. */
  async #pull(onTaken: (entries: readonly LogEntry[]) => void = () => {}): Promise<boolean> {
    let taken = 0
    for await (const batch of this.#chain.read(await this.#replica.lastSeq(), PULL_ENTRIES)) {
      await this.#takeIn(batch)
      onTaken(batch)
      taken += batch.length
    }
    return taken >= PULL_ENTRIES
  }

  async #takeIn(batch: readonly LogEntry[]): Promise<void> {
    const outcomes = await this.#replica.append(batch)
    if (outcomes.some(outcome => outcome !== 'accepted')) throw new ForeignReplica(FOREIGN)
  }

  /** The events are durable in the chain: where the replica can't be written now, it takes them in with the next pull. */
  async #takeInLater(batch: readonly LogEntry[]): Promise<void> {
    try {
      await this.#takeIn(batch)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }
}

/** Entries cut so that each part fits into one batch. */
function* inParts(entries: readonly LogEntry[]): Generator<LogEntry[]> {
  let part: LogEntry[] = []
  let characters = 0
  for (const entry of entries) {
    const size = entry.id.length + entry.content.length + entry.decision.length + ENTRY_OVERHEAD
    if (part.length > 0 && characters + size > BATCH_CHARACTERS) {
      yield part
      part = []
      characters = 0
    }
    part.push(entry)
    characters += size
  }
  yield part
}
