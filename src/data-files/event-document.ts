/** An event as a document of `events.json`: ours, or one of the old service. */
import { isDeepStrictEqual } from 'node:util'
import type { Fault } from '../errors.ts'
import type { RuledEvent, Ruling } from '../events/event.ts'
import { currencyDecimals } from '../events/money.ts'
import { validateEvent } from '../events/validate.ts'
import { dateOf, extendedValue, idDocument } from './extended-json.ts'

export interface EventSettings {
  defaultCurrency: string
  playMinSeconds: number
}

/**
 * The document of an event. `_ruling` is what the settings decided when it arrived: an import takes it over, so that
 * other settings there change no figure.
 */
export function eventDocument({ event, ruling }: RuledEvent): object {
  return {
    _id: idDocument(event.eventId),
    eventId: event.eventId,
    eventType: event.eventType,
    timestamp: dateOf(event.timestamp),
    userId: event.userId,
    anonymous: event.anonymous ?? false,
    entityType: event.entityType,
    entityId: event.entityId,
    metadata: extendedValue(event.metadata),
    _ruling: ruling,
  }
}

export type ReadEvent = { ok: true; ruled: RuledEvent } | { ok: false; faults: readonly [Fault, ...Fault[]] }

/**
 * The event of a document with plain values, by the rules of events that come over HTTP, but of any future. Its id is
 * `eventId`, else `_id`: so a dump that is imported twice counts once.
 */
export function readEventDocument(fields: Readonly<Record<string, unknown>>, settings: EventSettings): ReadEvent {
  const given = readRuling(fields._ruling)
  if (given === null)
    return refused('_ruling', 'ruling_invalid', 'must be {"skipped": true, "currency": "EUR"} or less')
  const eventId = fields.eventId ?? fields._id
  if (eventId === undefined || eventId === null)
    return refused('_id', 'required', 'is required where eventId is absent')
  const read = validateEvent(
    { ...fields, eventId },
    {
      now: Number.POSITIVE_INFINITY,
      defaultCurrency: given?.currency ?? settings.defaultCurrency,
      playMinSeconds: settings.playMinSeconds,
      newId: () => '',
    },
  )
  if (!read.ok || !given) return read
  const { event, ruling } = read.ruled
  // A price without a currency needs one, even where the document's ruling was edited away.
  const needed = ruling.currency === undefined || given.currency ? {} : { currency: ruling.currency }
  return { ok: true, ruled: { event, ruling: { ...given, ...needed } } }
}

/** The ruling of a document; undefined where it has none, null where it is wrong. */
function readRuling(value: unknown): Ruling | undefined | null {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') return null
  const { skipped, currency } = value as Record<string, unknown>
  const ruling: Ruling = {}
  if (skipped === true) ruling.skipped = true
  if (typeof currency === 'string' && currencyDecimals(currency) !== undefined) ruling.currency = currency
  return isDeepStrictEqual({ ...value }, { ...ruling }) ? ruling : null
}

function refused(path: string, code: string, message: string): ReadEvent {
  return { ok: false, faults: [{ path, code, message }] }
}
