/** Dead letters: refused events, kept with their faults so that they can be repaired and replayed. */
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { MAX_EVENT_BYTES } from '../events/bounds.ts'
import { parseJson } from '../events/exact-json.ts'
import { cutFaults } from '../events/faults.ts'
import { type Page, type PageQuery, readPage } from '../paging.ts'
import { DEAD_LETTERS } from '../storage/collections.ts'
import { documentPages } from '../storage/document-pages.ts'
import type { Documents, Instant, StoredDocument } from '../storage/storage.ts'
import { KEPT_CHARACTERS } from './raw-event.ts'
import { type SetAside, setAsideLetter } from './set-aside.ts'

/** Characters of letters on a page, one letter at least. */
const MAX_PAGE_CHARACTERS = 2 ** 20
/** Bytes of the faults that a letter keeps. */
export const LETTER_FAULT_BYTES = 4 * 1024
/** Characters of an event that is kept whole in any case. */
const SMALL_EVENT = 4 * 1024
/** Characters of all larger events that letters which are kept together keep whole. */
const LARGE_EVENTS = 2 ** 20

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

/** Which letters are to be removed: those with this id and this reason, where one is named, or explicitly all. */
export type Removal = { all: true } | { id: string; reason?: string } | { id?: string; reason: string }

/** A letter with its position among the others: a later letter of the same id has a greater one. */
export interface KeptLetter extends DeadLetter {
  order: number
}

/** At most `max` letters; the oldest leave first. */
export class DeadLetters {
  readonly #documents: Documents
  readonly #max: number
  readonly #onDropped: (count: number) => void

  /** `onDropped` gets how many letters left because there were more than `max`. */
  constructor(documents: Documents, options: { max: number; onDropped: (count: number) => void }) {
    this.#documents = documents
    this.#max = options.max
    this.#onDropped = options.onDropped
  }

  /**
   * Durable when it resolves; a letter replaces the one with its id. What letters cost is bounded: each keeps 4 KB of
   * faults. Events of up to 4,096 characters are kept whole, and so are larger ones while they have a million characters
   * together; of the others the first 1,000 characters are kept, and the letter is marked as `cut`. @throws StoreUnavailable
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
   * Keeps entries of the log that can't be projected. One whose id has a letter already gets none: it was set aside
   * before, or the letter is of another event in conflict with it. Durable when it resolves. @throws StoreUnavailable
   */
  async keepSetAside(found: readonly SetAside[], now: Instant): Promise<void> {
    const letters: DeadLetter[] = []
    for (const setAside of found) {
      if (!(await this.#documents.get(DEAD_LETTERS, setAside.entry.id))) letters.push(setAsideLetter(setAside, now))
    }
    await this.keep(letters)
  }

  /** Newest first. @throws ServiceError 400 `cursor_invalid` */
  async list({ reason, ...page }: PageQuery & { reason?: string | undefined }): Promise<Page<ListedLetter>> {
    const choice = { ...page, group: reason, maxCharacters: MAX_PAGE_CHARACTERS }
    const { items, nextCursor } = await readPage(this.#documents, DEAD_LETTERS, choice)
    return { items: items.map(listed), nextCursor }
  }

  /** The letter with this id. @throws StoreUnavailable */
  async find(id: string): Promise<KeptLetter | undefined> {
    const document = await this.#documents.get(DEAD_LETTERS, id)
    return document ? kept(document) : undefined
  }

  /** All letters, the newest first, so many at a time. Letters that are kept meanwhile are no part of it. */
  async *pages(limit: number): AsyncGenerator<KeptLetter[]> {
    for await (const page of documentPages(this.#documents, DEAD_LETTERS, { limit })) yield page.map(kept)
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

  /** Removes these letters, and none that replaced one of them meanwhile. @throws StoreUnavailable */
  async removeThese(letters: readonly KeptLetter[]): Promise<void> {
    if (letters.length === 0) return
    await this.#documents.remove(DEAD_LETTERS, { orders: letters.map(({ order }) => order) })
  }
}

/** The event as JSON, or of its text the beginning as JSON, where it is longer than it may be, or than is left. */
function eventText(event: unknown, left: number): { text: string; isCut: boolean } {
  const text = jsonOf(event)
  if (text === undefined) return { text: JSON.stringify(TOO_DEEP), isCut: true }
  if (text.length <= SMALL_EVENT || text.length <= Math.min(left, MAX_EVENT_BYTES)) return { text, isCut: false }
  const beginning = typeof event === 'string' ? event : text
  return { text: JSON.stringify(cutText(beginning.slice(0, 2 * KEPT_CHARACTERS), KEPT_CHARACTERS)), isCut: true }
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
  const keptFaults = cutFaults(faults, LETTER_FAULT_BYTES)
  const rest = JSON.stringify({ ...(cut || isCut ? { cut: true } : {}), faults: keptFaults, receivedAt })
  return `{"event":${event},${rest.slice(1)}`
}

function kept({ id, order, value }: StoredDocument): KeptLetter {
  return { id, order, ...(parseJson(value) as Omit<DeadLetter, 'id'>) }
}

function listed(document: StoredDocument): ListedLetter {
  const { id, event, cut, faults, receivedAt } = kept(document)
  return { id, reason: document.group, receivedAt, errors: faults, event, ...(cut ? { cut } : {}) }
}
