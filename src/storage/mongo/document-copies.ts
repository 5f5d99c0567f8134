/**
 * Copies of the documents that the figures take in, beside the instance's replica of the log: they are taken in and
 * questions are answered while MongoDB is away.
 */
import type { CollectionSpec, Documents, StoredDocument } from '../storage.ts'
import type { MongoDocuments } from './mongo-documents.ts'

/** Where the copies' own state is kept, beside them. */
const STATE = 'copied-up-to'
const PAGE = 500
/**
 * An order is given out before its document is written, so that a greater one may be seen first: after this time,
 * longer than any write takes, what came since is read once more. Milliseconds.
 */
const SETTLED_MS = 60_000

interface Copied {
  /** Everything up to this order is copied, for certain. */
  settled: number
  /** What was there up to this one when it was looked for. */
  seen: number
  /** When everything up to `upTo` will be settled, on the monotonic clock. */
  settling: { upTo: number; at: number } | undefined
}

export class DocumentCopies implements Documents {
  readonly #source: MongoDocuments
  readonly #copies: Documents
  readonly #monotonic: () => number
  readonly #copied = new Map<string, Copied>()
  readonly get: Documents['get']
  readonly list: Documents['list']
  readonly counts: Documents['counts']

  constructor(
    source: MongoDocuments,
    copies: Documents,
    specs: readonly CollectionSpec[],
    monotonic: () => number = () => performance.now(),
  ) {
    this.#source = source
    this.#copies = copies
    this.#monotonic = monotonic
    for (const { name, isFollowed } of specs) {
      if (isFollowed) this.#copied.set(name, { settled: 0, seen: 0, settling: undefined })
    }
    this.get = source.get.bind(source)
    this.list = source.list.bind(source)
    this.counts = source.counts.bind(source)
  }

  /** Goes on where an earlier run stopped. */
  async start(): Promise<void> {
    for (const [collection, copied] of this.#copied) {
      const document = await this.#copies.get(STATE, collection)
      copied.settled = Number(document?.value ?? 0)
      copied.seen = copied.settled
    }
  }

  async put(collection: string, documents: readonly Omit<StoredDocument, 'order'>[], max: number): Promise<number> {
    const left = await this.#source.put(collection, documents, max)
    if (this.#copied.has(collection)) await this.#copies.put(collection, documents, Number.POSITIVE_INFINITY)
    return left
  }

  async add(
    collection: string,
    document: Omit<StoredDocument, 'order'>,
    max: number,
    spared?: readonly string[],
  ): Promise<boolean> {
    const added = await this.#source.add(collection, document, max, spared)
    if (added && this.#copied.has(collection)) await this.#copies.put(collection, [document], Number.POSITIVE_INFINITY)
    return added
  }

  async swap(collection: string, id: string, from: string, to: string): Promise<boolean> {
    this.#refuseCopied(collection)
    return this.#source.swap(collection, id, from, to)
  }

  async remove(collection: string, which: Parameters<Documents['remove']>[1]): Promise<number> {
    this.#refuseCopied(collection)
    return this.#source.remove(collection, which)
  }

  /** Copies what other instances have put since. @throws StoreUnavailable */
  async pull(): Promise<void> {
    const orders = await this.#source.lastOrders([...this.#copied.keys()])
    const now = this.#monotonic()
    for (const [collection, copied] of this.#copied) {
      const last = orders.get(collection) ?? 0
      if (last > copied.seen) {
        await this.#copy(collection, copied.seen)
        copied.seen = last
      }
      if (copied.settling && copied.settling.at <= now) {
        await this.#copy(collection, copied.settled)
        copied.settled = copied.settling.upTo
        copied.settling = undefined
        const state = { id: collection, group: STATE, value: String(copied.settled) }
        await this.#copies.put(STATE, [state], Number.POSITIVE_INFINITY)
      }
      if (copied.seen > copied.settled) copied.settling ??= { upTo: copied.seen, at: now + SETTLED_MS }
    }
  }

  async #copy(collection: string, after: number): Promise<void> {
    let page = await this.#source.listAfter(collection, after, PAGE)
    while (page.length > 0) {
      await this.#copies.put(collection, page, Number.POSITIVE_INFINITY)
      page = await this.#source.listAfter(collection, page.at(-1)!.order, PAGE)
    }
  }

  /** Such a change leaves no trace that another instance would see. */
  #refuseCopied(collection: string): void {
    if (this.#copied.has(collection)) throw new Error(`documents of ${collection} are only put and added`)
  }
}
