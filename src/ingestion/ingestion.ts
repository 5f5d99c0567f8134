/** The way in: each event is validated, the valid ones are appended to the log, the others kept as dead letters. */
import { type Fault, ServiceError } from '../errors.ts'
import { MAX_EVENT_BYTES } from '../events/bounds.ts'
import { toLogEntry } from '../events/event.ts'
import { isFields } from '../events/exact-json.ts'
import type { Validation, ValidationContext } from '../events/validate.ts'
import { type AppendOutcome, type Instant, type LogEntry, StoreUnavailable } from '../storage/storage.ts'
import { type DeadLetter, type DeadLetters, LETTER_FAULT_BYTES } from './dead-letters.ts'
import { validateBoundedEvent } from './event-bounds.ts'
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
   * Takes in events independently of each other; results are in their order. When it resolves, what is `accepted` is
   * durable in the log, and what is `rejected` or in `conflict` is durable among the dead letters. What is replayed from a
   * dead letter is not kept again: the letter holds what a client sent, which may differ from what is replayed.
   * `idempotencyKey`, the id in the header, is for one event alone.
   */
  async receive(rawEvents: readonly RawEvent[], options: { idempotencyKey?: string } = {}): Promise<ItemResult[]> {
    const now = this.#parts.clock()
    // The answer to one event names all of its faults; those of many are in the dead letters alone, which keep fewer.
    const bound = rawEvents.length === 1 ? {} : { maxFaultCharacters: LETTER_FAULT_BYTES }
    const validations = rawEvents.map(raw => this.#validate(raw, { now, ...bound }, options.idempotencyKey))
    const entries = validations.filter(validation => validation.ok).map(toLogEntry)
    const outcomes = entries.length > 0 ? (await this.#append(entries)).values() : [].values()
    const results = validations.map(validation =>
      validation.ok
        ? resultOf(validation.event.eventId, outcomes.next().value)
        : rejection(validation.id, validation.faults),
    )
    await this.#keepRefused(rawEvents, results, now)
    return results
  }

  #validate(
    raw: RawEvent,
    context: Pick<ValidationContext, 'now' | 'maxFaultCharacters'>,
    idempotencyKey: string | undefined,
  ): Validation {
    const { newId, settings } = this.#parts
    const { letter } = raw
    if (!('value' in raw)) {
      return { ok: false, id: letter?.id ?? newId(), faults: ['malformed' in raw ? MALFORMED : TOO_LARGE] }
    }
    const id = letter?.id ?? idempotencyKey
    const value = letter ? withoutId(raw.value) : raw.value
    return validateBoundedEvent(value, { ...(id === undefined ? {} : { id }), ...context, newId, ...settings })
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
const TOO_LARGE: Fault = { path: '', code: 'too_large', message: `must not be longer than ${MAX_EVENT_BYTES} bytes` }

/** Why an event was refused whose id another event has. */
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

function letterOf(raw: RawEvent, { id, faults = [] }: ItemResult, receivedAt: string): DeadLetter {
  if ('oversized' in raw) return { id, event: raw.oversized, cut: true, faults, receivedAt }
  return { id, event: 'value' in raw ? raw.value : raw.malformed, faults, receivedAt }
}
