/** Rejected events, kept with their reasons so that they can be repaired and replayed. */
import { cursorAt, orderOf } from '../cursor.ts'
import { type Fault, ServiceError, unavailable } from '../errors.ts'
import { documentPages } from '../storage/document-pages.ts'
import type { Documents, Instant, StoredDocument } from '../storage/storage.ts'
import { type Arrival, type ItemResult, MALFORMED_JSON } from './arrival.ts'
import { letterOf, type SetAside } from './set-aside.ts'

export const COLLECTION = 'dead_letters'
/** Letters that are replayed at a time. */
const REPLAY_PAGE = 500
/** Results that the answer to a replay names at most. */
const MAX_RESULTS = 1000

export interface DeadLetter {
  /** The event's id, or the one that it got on arrival. */
  id: string
  /** The event as it came; the text itself where it was not JSON. */
  event: unknown
  faults: readonly Fault[]
  /** ISO 8601. */
  receivedAt: string
}

export interface ListedLetter {
  id: string
  /** The code of the first fault. */
  reason: string
  receivedAt: string
  errors: readonly Fault[]
  event: unknown
}

export interface ReplayReport {
  replayed: number
  accepted: number
  duplicates: number
  /** Rejected again, or in conflict with another event: these letters stay. */
  rejected: number
  /** Of the first 1000 letters. */
  results: ItemResult[]
}

type Receive = (arrivals: readonly Arrival[]) => Promise<ItemResult[]>

type StoredLetter = Omit<DeadLetter, 'id'>

/** At most `max` letters; the oldest leave first. */
export class DeadLetters {
  readonly #documents: Documents
  readonly #max: number
  readonly #onDropped: (count: number) => void

  /** `onDropped` is told how many letters left because there were more than `max`. */
  constructor(documents: Documents, options: { max: number; onDropped: (count: number) => void }) {
    this.#documents = documents
    this.#max = options.max
    this.#onDropped = options.onDropped
  }

  /** Durable when it resolves; a letter takes the place of the one with its id. @throws StoreUnavailable */
  async keep(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return
    const documents = letters.map(({ id, event, faults, receivedAt }) => ({
      id,
      group: faults[0]?.code ?? 'unknown',
      value: toText({ event, faults, receivedAt }),
    }))
    const dropped = await this.#documents.put(COLLECTION, documents, this.#max)
    if (dropped > 0) this.#onDropped(dropped)
  }

  /**
   * Keeps entries of the log that can't be projected. One whose id has a letter already needs none: it was set aside
   * before, or its letter tells of a conflict with it. Durable when it resolves. @throws StoreUnavailable
   */
  async keepSetAside(found: readonly SetAside[], now: Instant): Promise<void> {
    const letters: DeadLetter[] = []
    for (const setAside of found) {
      if (!(await this.#documents.get(COLLECTION, setAside.entry.id))) letters.push(letterOf(setAside, now))
    }
    await this.keep(letters)
  }

  /** Newest first. @throws ServiceError 400 `cursor_invalid` */
  async list(page: { reason?: string; limit: number; cursor?: string }): Promise<{
    items: ListedLetter[]
    nextCursor: string | null
  }> {
    const before = page.cursor === undefined ? {} : { before: orderOf(page.cursor) }
    const group = page.reason === undefined ? {} : { group: page.reason }
    const documents = await this.#documents.list(COLLECTION, { ...group, ...before, limit: page.limit + 1 })
    const shown = documents.slice(0, page.limit)
    const last = shown.at(-1)
    return {
      items: shown.map(listed),
      nextCursor: last && documents.length > page.limit ? cursorAt(last.order) : null,
    }
  }

  async summary(): Promise<{ total: number; byReason: Record<string, number> }> {
    const counts = await this.#documents.counts(COLLECTION)
    const total = counts.values().reduce((sum, count) => sum + count, 0)
    return { total, byReason: Object.fromEntries(counts) }
  }

  /** Removes the letters that fit all that is given, all of them where nothing is. */
  async remove(which: { id?: string; reason?: string } = {}): Promise<{ deleted: number }> {
    const ids = which.id === undefined ? {} : { ids: [which.id] }
    const group = which.reason === undefined ? {} : { group: which.reason }
    return { deleted: await this.#documents.remove(COLLECTION, { ...ids, ...group }) }
  }

  /**
   * Sends one letter, or its repaired event, or all letters through `receive` again, under the ids that they have. A
   * letter is removed once its event is in the log; one that is rejected again stays with its new faults. Idempotent.
   * @throws ServiceError 404 `dead_letter_not_found`; 503 where the store failed: what was accepted before stays so.
   */
  async replay(which: { id: string; event?: unknown } | undefined, receive: Receive): Promise<ReplayReport> {
    const report: ReplayReport = { replayed: 0, accepted: 0, duplicates: 0, rejected: 0, results: [] }
    if (which) {
      const document = await this.#documents.get(COLLECTION, which.id)
      if (!document) throw new ServiceError(404, 'dead_letter_not_found', `no dead letter has the id ${which.id}`)
      await this.#replayPage([document], which.event, receive, report)
      return report
    }
    // Letters that are kept again move to the front, so that the way to the oldest one ends.
    for await (const page of documentPages(this.#documents, COLLECTION, { limit: REPLAY_PAGE })) {
      await this.#replayPage(page, undefined, receive, report)
    }
    return report
  }

  async #replayPage(
    documents: readonly StoredDocument[],
    repaired: unknown,
    receive: Receive,
    report: ReplayReport,
  ): Promise<void> {
    const results = await receive(documents.map(document => arrivalOf(document, repaired)))
    const isDone = ({ status }: ItemResult) => status === 'accepted' || status === 'duplicate'
    const done = results.filter(isDone)
    // By order, not by id: a letter that took this one's place meanwhile stays.
    const orders = documents.filter((_, i) => isDone(results[i] as ItemResult)).map(({ order }) => order)
    if (orders.length > 0) await this.#documents.remove(COLLECTION, { orders })
    if (results.some(({ status }) => status === 'unavailable')) throw unavailable('the store is not available')
    const accepted = done.filter(({ status }) => status === 'accepted').length
    report.replayed += results.length
    report.accepted += accepted
    report.duplicates += done.length - accepted
    report.rejected += results.length - done.length
    report.results.push(...results.slice(0, MAX_RESULTS - report.results.length))
  }
}

function toText(letter: StoredLetter): string {
  try {
    return JSON.stringify(letter)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return JSON.stringify({ ...letter, event: 'an event that is nested too deeply to be written down' })
  }
}

function listed(document: StoredDocument): ListedLetter {
  const { event, faults, receivedAt } = JSON.parse(document.value) as StoredLetter
  return { id: document.id, reason: document.group, receivedAt, errors: faults, event }
}

function arrivalOf(document: StoredDocument, repaired: unknown): Arrival {
  const { event, receivedAt } = JSON.parse(document.value) as StoredLetter
  const letter = { id: document.id, receivedAt }
  if (repaired !== undefined) return { value: repaired, letter }
  return document.group === MALFORMED_JSON ? { text: String(event), letter } : { value: event, letter }
}
