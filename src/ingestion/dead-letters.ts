/** Rejected events, kept with their reasons so that they can be repaired and replayed. */

import { UNPROJECTABLE } from '../attribution/credited-entry.ts'
import { cutText } from '../cut-text.ts'
import { type Fault, ServiceError, unavailable } from '../errors.ts'
import { parseJson } from '../events/exact-json.ts'
import { newestPage, type Page, type PageQuery } from '../paging.ts'
import { DEAD_LETTERS } from '../storage/collections.ts'
import { documentPages } from '../storage/document-pages.ts'
import type { Documents, Instant, StoredDocument } from '../storage/storage.ts'
import { cutFaults } from './cut-faults.ts'
import { type ItemResult, MALFORMED_JSON, type RawEvent, rejection } from './raw-event.ts'
import { type SetAside, setAsideLetter } from './set-aside.ts'

/** Letters that are replayed at a time. */
const REPLAY_PAGE = 100
/** Results that the answer to a replay names at most: so many, and so many bytes of JSON. */
const MAX_RESULTS = 1000
const MAX_RESULT_BYTES = 2 ** 20
/** Bytes of letters on a page, one letter at least. */
const MAX_PAGE_BYTES = 2 ** 20
/** Bytes of the faults that a letter keeps. */
export const LETTER_FAULT_BYTES = 4 * 1024
/** Characters of an event that is kept whole in any case. */
const SMALL_EVENT = 4 * 1024
/** Characters of an event beyond which it is never kept whole: those of the longest one that is taken. */
const MAX_EVENT = 64 * 1024
/** Characters of all larger events that letters which are kept together keep whole. */
const LARGE_EVENTS = 2 ** 20
/** Characters that are kept of the others. */
export const KEPT_OF_CUT = 1000

export interface DeadLetter {
  /** The event's id, or the one that it got on arrival. */
  id: string
  /** The event as it came; the text itself where it was not JSON. */
  event: unknown
  /** The event is only the beginning of its text, which is too long to be kept: it can't be sent again as it is. */
  cut?: true
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
  /** As of the letter. */
  cut?: true
}

export interface ReplayReport {
  replayed: number
  accepted: number
  duplicates: number
  /** Rejected again, or in conflict with another event: these letters stay as they were received. */
  rejected: number
  /** Of the first letters: 1000 at most, and a megabyte. */
  results: ItemResult[]
  /** There are more results than are named. */
  cut?: true
}

/** What the log has under an id: nothing, an event that the figures contain, or one that they can't. */
export type LoggedAs = 'nothing' | 'counted' | 'set aside'

/** The way to the log, for what is replayed. */
export interface Replaying {
  /** As `Ingestion.receive`. */
  receive: (rawEvents: readonly RawEvent[]) => Promise<ItemResult[]>
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

  /**
   * Durable when it resolves; a letter takes the place of the one with its id. What letters cost is bounded: 4 KB of
   * faults each; events up to 4,096 characters are kept whole, larger ones while they have a million together, and of the
   * others the first 1,000 characters, which the letter says. @throws StoreUnavailable
   */
  async keep(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return
    let left = LARGE_EVENTS
    const documents = letters.map(letter => {
      const { text, isCut } = eventText(letter.event, left)
      if (!isCut && text.length > SMALL_EVENT) left -= text.length
      return { id: letter.id, group: letter.faults[0]?.code ?? 'unknown', value: letterText(letter, text, isCut) }
    })
    const dropped = await this.#documents.put(DEAD_LETTERS, documents, this.#max)
    if (dropped > 0) this.#onDropped(dropped)
  }

  /**
   * Keeps entries of the log that can't be projected. One whose id has a letter already needs none: it was set aside
   * before, or its letter tells of a conflict with it. Durable when it resolves. @throws StoreUnavailable
   */
  async keepSetAside(found: readonly SetAside[], now: Instant): Promise<void> {
    const letters: DeadLetter[] = []
    for (const setAside of found) {
      if (!(await this.#documents.get(DEAD_LETTERS, setAside.entry.id))) letters.push(setAsideLetter(setAside, now))
    }
    await this.keep(letters)
  }

  /** Newest first. @throws ServiceError 400 `cursor_invalid` */
  async list(page: PageQuery & { reason?: string | undefined }): Promise<Page<ListedLetter>> {
    const group = page.reason === undefined ? {} : { group: page.reason }
    const { items, nextCursor } = await newestPage(
      page,
      range => this.#documents.list(DEAD_LETTERS, { ...group, ...range }),
      documents => firstBytes(documents, MAX_PAGE_BYTES),
    )
    return { items: items.map(listed), nextCursor }
  }

  async summary(): Promise<{ total: number; byReason: Record<string, number> }> {
    const counts = await this.#documents.counts(DEAD_LETTERS)
    const total = counts.values().reduce((sum, count) => sum + count, 0)
    return { total, byReason: Object.fromEntries(counts) }
  }

  async remove(which: Removal): Promise<{ deleted: number }> {
    const { id, reason } = 'all' in which ? {} : which
    const ids = id === undefined ? {} : { ids: [id] }
    const group = reason === undefined ? {} : { group: reason }
    return { deleted: await this.#documents.remove(DEAD_LETTERS, { ...ids, ...group }) }
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
    const left = { bytes: MAX_RESULT_BYTES }
    if (which) {
      addTo(report, [await this.#replayOne(which, replaying)], left)
      return report
    }
    // Letters that are kept again move to the front, so that the way to the oldest one ends.
    for await (const page of documentPages(this.#documents, DEAD_LETTERS, { limit: REPLAY_PAGE })) {
      addTo(report, await this.#sendAgain(page, replaying), left)
    }
    return report
  }

  async #replayOne({ id, event }: { id: string; event?: unknown }, replaying: Replaying): Promise<ItemResult> {
    const document = await this.#documents.get(DEAD_LETTERS, id)
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
    const all = documents.map(document => ({ document, letter: letterOf(document) }))
    const isSetAside = ({ document }: { document: StoredDocument }) => document.group === UNPROJECTABLE
    const sent = all.filter(each => !isSetAside(each) && !each.letter.cut)
    const rawEvents = sent.map(({ letter }) => rawEventOf(letter))
    const results =
      sent.length > 0
        ? await this.#send(
            sent.map(each => each.document),
            rawEvents,
            replaying,
          )
        : []
    await this.keep(sent.flatMap(({ letter }, i) => withNewFaults(letter, results[i]!)))
    const unsent = all.filter(each => isSetAside(each) || each.letter.cut)
    return [...results, ...unsent.map(({ letter }) => unsentResult(letter))]
  }

  /** Sends rawEvents, and removes the documents of those that are in the log. */
  async #send(
    documents: readonly StoredDocument[],
    rawEvents: readonly RawEvent[],
    { receive }: Replaying,
  ): Promise<ItemResult[]> {
    const results = await receive(rawEvents)
    // By order, not by id: a letter that took this one's place meanwhile stays.
    const orders = documents.filter((_, i) => isLogged(results[i]!)).map(({ order }) => order)
    if (orders.length > 0) await this.#documents.remove(DEAD_LETTERS, { orders })
    if (results.some(({ status }) => status === 'unavailable')) throw unavailable('the store is not available')
    return results
  }
}

const isLogged = ({ status }: ItemResult): boolean => status === 'accepted' || status === 'duplicate'

/** `left`: of the answer. */
function addTo(report: ReplayReport, results: readonly ItemResult[], left: { bytes: number }): void {
  const logged = results.filter(isLogged)
  const accepted = logged.filter(({ status }) => status === 'accepted').length
  report.replayed += results.length
  report.accepted += accepted
  report.duplicates += logged.length - accepted
  report.rejected += results.length - logged.length
  for (const result of results) {
    if (report.cut) return
    const told = result.faults ? { ...result, faults: cutFaults(result.faults, LETTER_FAULT_BYTES) } : result
    left.bytes -= Buffer.byteLength(JSON.stringify(told))
    if (report.results.length < MAX_RESULTS && left.bytes >= 0) report.results.push(told)
    else report.cut = true
  }
}

/** The letter as it is to be kept; nothing where it is in the log, or refused for the reasons that it has. */
function withNewFaults(letter: DeadLetter, { faults }: ItemResult): DeadLetter[] {
  if (faults === undefined) return []
  const kept = cutFaults(faults, LETTER_FAULT_BYTES)
  return JSON.stringify(kept) === JSON.stringify(letter.faults) ? [] : [{ ...letter, faults: kept }]
}

const EVENT_CUT: Fault = {
  path: '',
  code: 'event_cut',
  message:
    'the event is too long to be kept, and only its beginning is here: send it again, or replay it with its event',
}

/** What becomes of a letter that is not sent: what was set aside is in the log, and of what was cut the rest is missing. */
function unsentResult({ id, cut, faults }: DeadLetter): ItemResult {
  return rejection(id, cut ? [EVENT_CUT] : (faults as [Fault, ...Fault[]]))
}

/** The event as JSON, or of its text the beginning as JSON, where it is longer than it may be, or than is left. */
function eventText(event: unknown, left: number): { text: string; isCut: boolean } {
  const text = jsonOf(event)
  if (text === undefined) return { text: JSON.stringify(TOO_DEEP), isCut: true }
  if (text.length <= SMALL_EVENT || text.length <= Math.min(left, MAX_EVENT)) return { text, isCut: false }
  const beginning = typeof event === 'string' ? event : text
  return { text: JSON.stringify(cutText(beginning.slice(0, 2 * KEPT_OF_CUT), KEPT_OF_CUT)), isCut: true }
}

const TOO_DEEP = 'an event that is nested too deeply to be written down'

/** Undefined where it is nested too deeply to be written. */
function jsonOf(event: unknown): string | undefined {
  try {
    return JSON.stringify(event)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function letterText({ faults, cut, receivedAt }: DeadLetter, event: string, isCut: boolean): string {
  const kept = cutFaults(faults, LETTER_FAULT_BYTES)
  const rest = JSON.stringify({ ...(cut || isCut ? { cut: true } : {}), faults: kept, receivedAt })
  return `{"event":${event},${rest.slice(1)}`
}

/** The first documents that have so many characters together; one at least. */
function firstBytes(documents: readonly StoredDocument[], max: number): readonly StoredDocument[] {
  let left = max
  const end = documents.findIndex(({ value }, i) => {
    left -= value.length
    return left < 0 && i > 0
  })
  return end < 0 ? documents : documents.slice(0, end)
}

function letterOf({ id, value }: StoredDocument): DeadLetter {
  return { id, ...(parseJson(value) as StoredLetter) }
}

function listed(document: StoredDocument): ListedLetter {
  const { id, event, cut, faults, receivedAt } = letterOf(document)
  return { id, reason: document.group, receivedAt, errors: faults, event, ...(cut ? { cut } : {}) }
}

function rawEventOf({ id, event, faults }: DeadLetter): RawEvent {
  const letter = { id }
  return faults[0]?.code === MALFORMED_JSON ? { text: String(event), letter } : { value: event, letter }
}
