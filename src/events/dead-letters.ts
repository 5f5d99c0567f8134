/** Rejected events, kept with their reasons so that they can be repaired and replayed. */
import { cursorAt, orderOf } from '../cursor.ts'
import { type Fault, ServiceError, unavailable } from '../errors.ts'
import { documentPages } from '../storage/document-pages.ts'
import type { Documents, Instant, StoredDocument } from '../storage/storage.ts'
import { type Arrival, type ItemResult, MALFORMED_JSON, rejection } from './arrival.ts'
import { UNPROJECTABLE } from './credited-entry.ts'
import { parseJson } from './exact-json.ts'
import { type SetAside, setAsideLetter } from './set-aside.ts'

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
  /** Rejected again, or in conflict with another event: these letters stay as they were received. */
  rejected: number
  /** Of the first 1000 letters. */
  results: ItemResult[]
}

/** What the log has under an id: nothing, an event that the figures contain, or one that they can't. */
export type LoggedAs = 'nothing' | 'counted' | 'set aside'

/** The way to the log, for what is replayed. */
export interface Replaying {
  /** As `Intake.receive`. */
  receive: (arrivals: readonly Arrival[]) => Promise<ItemResult[]>
  /** @throws StoreUnavailable */
  loggedAs: (id: string) => Promise<LoggedAs>
}

/** Which letters are to be removed: those that fit all that is given. Everything has to be said in words. */
export type Removal = { all: true } | { id: string; reason?: string } | { id?: string; reason: string }

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
      if (!(await this.#documents.get(COLLECTION, setAside.entry.id))) letters.push(setAsideLetter(setAside, now))
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

  async remove(which: Removal): Promise<{ deleted: number }> {
    const { id, reason } = 'all' in which ? {} : which
    const ids = id === undefined ? {} : { ids: [id] }
    const group = reason === undefined ? {} : { group: reason }
    return { deleted: await this.#documents.remove(COLLECTION, { ...ids, ...group }) }
  }

  /**
   * Sends one letter, or its repaired event, or all letters to the log, under the ids that they have. A letter is removed
   * once its event is in the log. One that is refused stays, with the event that was received: with its new faults where
   * that one was sent again, with its own where it was a repair, whose faults are in the report. Idempotent: where the
   * letter has gone and the log has its id, that is a duplicate, or a conflict where the repair is another event.
   *
   * An event that was set aside is in the log, which never gives up an id: it is not sent again as it is, and its repair
   * gets the id `<id>:repaired`.
   * @throws ServiceError 404 `dead_letter_not_found`; 503 where the store failed: what was accepted before stays so.
   */
  async replay(which: { id: string; event?: unknown } | undefined, replaying: Replaying): Promise<ReplayReport> {
    const report: ReplayReport = { replayed: 0, accepted: 0, duplicates: 0, rejected: 0, results: [] }
    if (which) {
      addTo(report, [await this.#replayOne(which, replaying)])
      return report
    }
    // Letters that are kept again move to the front, so that the way to the oldest one ends.
    for await (const page of documentPages(this.#documents, COLLECTION, { limit: REPLAY_PAGE })) {
      addTo(report, await this.#sendAgain(page, replaying))
    }
    return report
  }

  async #replayOne({ id, event }: { id: string; event?: unknown }, replaying: Replaying): Promise<ItemResult> {
    const document = await this.#documents.get(COLLECTION, id)
    const loggedAs = await replaying.loggedAs(id)
    if (!document && loggedAs === 'nothing') {
      throw new ServiceError(404, 'dead_letter_not_found', `no dead letter has the id ${id}`)
    }
    const documents = document ? [document] : []
    if (event === undefined) return (await this.#sendAgain(documents, replaying))[0] ?? { id, status: 'duplicate' }
    // The log is asked, not the letter: when what was set aside is sent again, its letter tells why that was refused.
    const letter = { id: loggedAs === 'set aside' ? `${id}:repaired` : id }
    const [result] = await this.#send(documents, [{ value: event, letter }], replaying)
    return result!
  }

  /** Sends letters as they are, and keeps those that are refused for other reasons than before with the new ones. */
  async #sendAgain(documents: readonly StoredDocument[], replaying: Replaying): Promise<ItemResult[]> {
    const setAside = documents.filter(({ group }) => group === UNPROJECTABLE)
    const rejected = documents.filter(({ group }) => group !== UNPROJECTABLE)
    const letters = rejected.map(letterOf)
    const results = rejected.length > 0 ? await this.#send(rejected, letters.map(arrivalOf), replaying) : []
    await this.keep(letters.flatMap((letter, i) => withNewFaults(letter, results[i]!)))
    return [...results, ...setAside.map(letterOf).map(({ id, faults }) => rejection(id, faults as [Fault, ...Fault[]]))]
  }

  /** Sends arrivals, and removes the documents of those that are in the log. */
  async #send(
    documents: readonly StoredDocument[],
    arrivals: readonly Arrival[],
    { receive }: Replaying,
  ): Promise<ItemResult[]> {
    const results = await receive(arrivals)
    // By order, not by id: a letter that took this one's place meanwhile stays.
    const orders = documents.filter((_, i) => isLogged(results[i]!)).map(({ order }) => order)
    if (orders.length > 0) await this.#documents.remove(COLLECTION, { orders })
    if (results.some(({ status }) => status === 'unavailable')) throw unavailable('the store is not available')
    return results
  }
}

const isLogged = ({ status }: ItemResult): boolean => status === 'accepted' || status === 'duplicate'

function addTo(report: ReplayReport, results: readonly ItemResult[]): void {
  const logged = results.filter(isLogged)
  const accepted = logged.filter(({ status }) => status === 'accepted').length
  report.replayed += results.length
  report.accepted += accepted
  report.duplicates += logged.length - accepted
  report.rejected += results.length - logged.length
  report.results.push(...results.slice(0, MAX_RESULTS - report.results.length))
}

/** The letter as it is to be kept; nothing where it is in the log, or refused for the reasons that it has. */
function withNewFaults(letter: DeadLetter, { faults }: ItemResult): DeadLetter[] {
  if (faults === undefined || JSON.stringify(faults) === JSON.stringify(letter.faults)) return []
  return [{ ...letter, faults }]
}

function toText(letter: StoredLetter): string {
  try {
    return JSON.stringify(letter)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return JSON.stringify({ ...letter, event: 'an event that is nested too deeply to be written down' })
  }
}

function letterOf({ id, value }: StoredDocument): DeadLetter {
  return { id, ...(parseJson(value) as StoredLetter) }
}

function listed(document: StoredDocument): ListedLetter {
  const { id, event, faults, receivedAt } = letterOf(document)
  return { id, reason: document.group, receivedAt, errors: faults, event }
}

function arrivalOf({ id, event, faults }: DeadLetter): Arrival {
  const letter = { id }
  return faults[0]?.code === MALFORMED_JSON ? { text: String(event), letter } : { value: event, letter }
}
