/** The way in: each item is validated, the valid ones are appended to the log, the others kept as dead letters. */
import { type Fault, ServiceError } from '../errors.ts'
import { toLogEntry } from '../events/event.ts'
import { isFields } from '../events/field-reading.ts'
import { type Validation, type ValidationContext, validateEvent } from '../events/validate.ts'
import { type AppendOutcome, type Instant, type LogEntry, StoreUnavailable } from '../storage/storage.ts'
import { type DeadLetter, type DeadLetters, LETTER_FAULT_BYTES } from './dead-letters.ts'
import { type ItemResult, MALFORMED_JSON, type RawEvent, rejection } from './raw-event.ts'

export interface IngestionParts {
  /** Durable when it resolves; `Storage.append` or a queue before it. */
  append: (entries: LogEntry[]) => Promise<AppendOutcome[]>
  deadLetters: Pick<DeadLetters, 'keep'>
  clock: () => Instant
  newId: () => string
  settings: { defaultCurrency: string; playMinSeconds: number }
}

export class Ingestion {
  readonly #parts: IngestionParts

  constructor(parts: IngestionParts) {
    this.#parts = parts
  }

  /**
   * Takes in items independently of each other; results are in their order. When it resolves, what is `accepted` is
   * durable in the log, and what is `rejected` or in `conflict` is durable among the dead letters. What comes from a dead
   * letter is not kept again: the letter holds what a client sent, and that may be something else.
   * `idempotencyKey`, the id in the header, is for one item alone.
   */
  async receive(rawEvents: readonly RawEvent[], options: { idempotencyKey?: string } = {}): Promise<ItemResult[]> {
    const now = this.#parts.clock()
    // Of one event the answer tells all that is wrong; of many, only the dead letters do, which keep less.
    const room = rawEvents.length === 1 ? {} : { faultRoom: LETTER_FAULT_BYTES }
    const checked = rawEvents.map(raw => this.#check(raw, { now, ...room }, options.idempotencyKey))
    const entries = checked.filter(check => check.ok).map(({ ingested }) => toLogEntry(ingested))
    const outcomes = entries.length > 0 ? (await this.#append(entries)).values() : [].values()
    const results = checked.map(check =>
      check.ok ? resultOf(check.ingested.event.eventId, outcomes.next().value) : rejection(check.id, check.faults),
    )
    await this.#keepRefused(rawEvents, results, now)
    return results
  }

  #check(
    raw: RawEvent,
    context: Pick<ValidationContext, 'now' | 'faultRoom'>,
    idempotencyKey: string | undefined,
  ): Validation {
    const { newId, settings } = this.#parts
    const id = raw.letter?.id ?? idempotencyKey
    if ('text' in raw) return { ok: false, id: raw.letter?.id ?? newId(), faults: [MALFORMED] }
    const value = raw.letter ? withoutId(raw.value) : raw.value
    return validateEvent(value, { ...(id === undefined ? {} : { id }), ...context, newId, ...settings })
  }

  /** The outcomes; undefined for each entry where the store can't write now. */
  async #append(entries: LogEntry[]): Promise<(AppendOutcome | undefined)[]> {
    try {
      return await this.#parts.append(entries)
    } catch (error) {
      if (isUnavailable(error)) return entries.map(() => undefined)
      throw error
    }
  }

  /** Keeps what was refused as dead letters; where that is impossible now, it becomes `unavailable`. */
  async #keepRefused(rawEvents: readonly RawEvent[], results: ItemResult[], now: Instant): Promise<void> {
    const refused = results
      .keys()
      .filter(i => results[i]?.faults !== undefined && rawEvents[i]?.letter === undefined)
      .toArray()
    if (refused.length === 0) return
    const receivedAt = new Date(now).toISOString()
    const letters = refused.map(i => letterOf(rawEvents[i]!, results[i]!, receivedAt))
    try {
      await this.#parts.deadLetters.keep(letters)
    } catch (error) {
      if (!isUnavailable(error)) throw error
      for (const i of refused) results[i] = unavailableItem(results[i]!.id)
    }
  }
}

const MALFORMED: Fault = { path: '', code: MALFORMED_JSON, message: 'must be JSON in UTF-8' }

/** Why an event was refused whose id another one has. */
export const CONFLICT: Fault = {
  path: 'eventId',
  code: 'event_conflict',
  message: 'another event with this id, but with other content, was accepted before',
}

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreUnavailable || (error instanceof ServiceError && error.status === 503)
}

/** A letter's event keeps the letter's id, whichever it carries. */
function withoutId(value: unknown): unknown {
  return isFields(value) ? { ...value, eventId: null } : value
}

function resultOf(id: string, outcome: AppendOutcome | undefined): ItemResult {
  if (outcome === undefined) return unavailableItem(id)
  return outcome === 'conflict' ? { ...rejection(id, [CONFLICT]), status: 'conflict' } : { id, status: outcome }
}

function unavailableItem(id: string): ItemResult {
  return { id, status: 'unavailable', code: 'unavailable', message: 'not confirmed: send it again' }
}

function letterOf(raw: RawEvent, result: ItemResult, receivedAt: string): DeadLetter {
  return {
    id: result.id,
    event: 'text' in raw ? raw.text : raw.value,
    faults: result.faults ?? [],
    receivedAt,
  }
}
