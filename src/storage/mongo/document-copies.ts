/** Copies of the followed documents beside the instance's replica of the log: the figures need no MongoDB to take them in. */
import type { CollectionSpec, Documents, StoredDocument } from '../storage.ts'
import type { MongoDocuments } from './mongo-documents.ts'

/** Where the copies' own state is kept, beside them. */
const STATE = 'copied-up-to'
const PAGE = 500
/**
 * An order is given out before its document is written, so it may be seen first, and so may a greater one. Where orders up to 9
 * were seen at 12:00:00, documents up to 9 are read again at 12:00:01, when nearly all have been written, and at 12:01:00, for no
 * write takes so long.
 */
const MOSTLY_WRITTEN_AFTER_MS = 1_000
const WRITTEN_AFTER_MS = 60_000

interface Progress {
  /** All documents up to this order are copied. */
  complete: number
  /** The documents up to this order are copied that had been written when it was the greatest one. */
  seen: number
  /** From `at` on, in monotonic milliseconds, the documents after an order are to be read again; the first to come first. */
  again: { after: number; at: number }[]
  /** From `at` on, in monotonic milliseconds, all documents up to `upTo` have been written. */
  written: { upTo: number; at: number } | undefined
}

export class DocumentCopies implements Documents {
  readonly #source: MongoDocuments
  readonly #copies: Documents
  readonly #monotonic: () => number
  readonly #progress = new Map<string, Progress>()
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
      if (isFollowed) this.#progress.set(name, { complete: 0, seen: 0, again: [], written: undefined })
    }
    this.get = source.get.bind(source)
    this.list = source.list.bind(source)
    this.counts = source.counts.bind(source)
  }

  /** Goes on where an earlier run stopped. */
  async start(): Promise<void> {
    for (const [collection, progress] of this.#progress) {
      const document = await this.#copies.get(STATE, collection)
      progress.complete = Number(document?.value ?? 0)
      progress.seen = progress.complete
    }
  }

  async put(collection: string, documents: readonly Omit<StoredDocument, 'order'>[], max: number): Promise<number> {
    const left = await this.#source.put(collection, documents, max)
    if (this.#progress.has(collection)) await this.#copies.put(collection, documents, Number.POSITIVE_INFINITY)
    return left
  }

  async add(
    collection: string,
    document: Omit<StoredDocument, 'order'>,
    max: number,
    spared?: readonly string[],
  ): Promise<boolean> {
    const added = await this.#source.add(collection, document, max, spared)
    if (added && this.#progress.has(collection))
      await this.#copies.put(collection, [document], Number.POSITIVE_INFINITY)
    return added
  }

  async swap(collection: string, id: string, from: string, to: string): Promise<boolean> {
    this.#refuseFollowed(collection)
    return this.#source.swap(collection, id, from, to)
  }

  async remove(collection: string, which: Parameters<Documents['remove']>[1]): Promise<number> {
    this.#refuseFollowed(collection)
    return this.#source.remove(collection, which)
  }

  /** Copies what other instances have put since. @throws StoreUnavailable */
  async pull(): Promise<void> {
    const orders = await this.#source.lastOrders([...this.#progress.keys()])
    const now = this.#monotonic()
    for (const [collection, progress] of this.#progress) {
      const last = orders.get(collection) ?? 0
      if (last > progress.seen) {
        await this.#copy(collection, progress.seen)
        progress.again.push({ after: progress.seen, at: now + MOSTLY_WRITTEN_AFTER_MS })
        progress.seen = last
      }
      const [first] = progress.again
      if (first && first.at <= now) {
        await this.#copy(collection, first.after)
        progress.again = progress.again.filter(({ at }) => at > now)
      }
      if (progress.written && progress.written.at <= now) {
        await this.#copy(collection, progress.complete)
        progress.complete = progress.written.upTo
        progress.written = undefined
        const state = { id: collection, group: STATE, value: String(progress.complete) }
        await this.#copies.put(STATE, [state], Number.POSITIVE_INFINITY)
      }
      if (progress.seen > progress.complete) {
        progress.written ??= { upTo: progress.seen, at: now + WRITTEN_AFTER_MS }
      }
    }
  }

  async #copy(collection: string, after: number): Promise<void> {
    let page = await this.#source.listAfter(collection, after, PAGE)
    while (page.length > 0) {
      await this.#copies.put(collection, page, Number.POSITIVE_INFINITY)
      page = await this.#source.listAfter(collection, page.at(-1)!.order, PAGE)
    }
  }

  /** The other instances would not see such a change, for it gives no new order. */
  #refuseFollowed(collection: string): void {
    if (this.#progress.has(collection)) throw new Error(`documents of ${collection} are only put and added`)
  }
}
