/** How much one event may hold altogether, beside the bounds of each of its fields. */
import { countCredits } from '../attribution/credits.ts'
import type { Fault } from '../errors.ts'
import { MAX_CHARACTERS } from '../events/bounds.ts'
import type { StatsEvent } from '../events/event.ts'
import { isExactNumber } from '../events/exact-json.ts'
import { type Validation, type ValidationContext, validateEvent } from '../events/validate.ts'

/** Artists that an order credits, those of each item by themselves: 200 items of two artists are 400. */
const MAX_CREDITS = 500

/** As `validateEvent`; refuses an event too that credits too many artists or has too much text. */
export function validateBoundedEvent(raw: unknown, context: ValidationContext): Validation {
  const validation = validateEvent(raw, context)
  if (!validation.ok || !validation.event.metadata) return validation
  const [first, ...others] = boundFaults(validation.event)
  return first ? { ok: false, id: validation.event.eventId, faults: [first, ...others] } : validation
}

function boundFaults(event: StatsEvent): Fault[] {
  const faults: Fault[] = []
  // Only an order with items can have more credits than each of its fields may name.
  if (event.metadata?.items && countCredits(event) > MAX_CREDITS) faults.push(TOO_MANY_CREDITS)
  if (charactersOf(event.metadata) > MAX_CHARACTERS) faults.push(TOO_LARGE)
  return faults
}

const TOO_MANY_CREDITS: Fault = {
  path: 'metadata.items',
  code: 'too_many_credits',
  message: `must credit at most ${MAX_CREDITS} artists altogether, those of each item counted by themselves`,
}

const TOO_LARGE: Fault = {
  path: 'metadata',
  code: 'too_large',
  message: `must have at most ${MAX_CHARACTERS} characters in all of its names and texts`,
}

/** The characters of all names and texts in a value, any other value as one. Its depth has to be checked before. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  if (isExactNumber(value)) return value.rawJSON.length
  let characters = 1
  if (Array.isArray(value)) for (const item of value) characters += charactersOf(item)
  else for (const key in value) characters += key.length + charactersOf((value as Record<string, unknown>)[key])
  return characters
}
