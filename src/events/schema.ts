/** The fields of an event, and its schema as the API document shows it. */
import { Type } from 'typebox'
import { MAX_ID_LENGTH } from './bounds.ts'
import { EVENT_TYPES, type EventType } from './event.ts'
import { isExactNumber } from './exact-json.ts'
import { field, id, isAbsent, NAMES, parseFlag, parseId, parseLimitedText, schemasOf, textSchema } from './field.ts'
import { MetadataSchema, OrderItemSchema, parseMetadata } from './metadata.ts'
import type { Scope } from './scope.ts'
import { MAX_TIMESTAMP_LENGTH, MIN_INSTANT, parseTimestamp } from './timestamp.ts'

const EventTypeSchema = Type.Enum([...EVENT_TYPES], {
  $id: 'EventType',
  type: 'string',
  description:
    'What happened. `recommendation.shown` and `recommendation.clicked` say of an item of an answer with recommendations ' +
    'that a listener saw or chose it; they count in the figures of recommendations alone.',
  examples: ['track.played'],
})

const nonEmptyId = textSchema(MAX_ID_LENGTH, { minLength: 1 })

export const eventFields = {
  eventId: field(
    [nonEmptyId, Type.Integer(), Type.Null()],
    parseEventId,
    'Identifies the event for ever: sent again with the same content, it counts once. Absent: the Idempotency-Key ' +
      'header, else the service makes a UUIDv7.',
    '01a210ab-ee1c-7ac9-8a39-da2f0bb5e2b5',
  ),
  eventType: { schema: Type.Ref('EventType'), parse: parseEventType },
  timestamp: {
    schema: Type.Union(
      [Type.String({ format: 'iso-8601', maxLength: MAX_TIMESTAMP_LENGTH }), Type.Integer({ minimum: MIN_INSTANT })],
      {
        description:
          'When it happened: ISO 8601 (without an offset it is UTC, a date alone is its midnight) or integer epoch ' +
          'milliseconds. Not more than 24 hours in the future.',
        examples: ['2026-11-24T10:00:00Z', 1795514400000],
      },
    ),
    parse: parseInstant,
  },
  entityId: {
    schema: Type.Union([nonEmptyId, Type.Integer()], {
      description: 'What it happened to: a track, an album, an artist or an order.',
      examples: ['t1'],
    }),
    parse: parseEntityId,
  },
  entityType: field(
    [textSchema(MAX_ID_LENGTH), Type.Null()],
    (value, key, scope) => parseLimitedText(value, MAX_ID_LENGTH, key, scope),
    'What kind of thing `entityId` names: `track`, `album`, `artist`, `order`. Of a recommendation it is needed, and one of ' +
      'the first three.',
    'track',
  ),
  userId: {
    ...id(
      'The listener. Null, absent, blank, or `anonymous`, `undefined`, `null`, `NaN` or `[object Object]` in any case of ' +
        'letters: nobody.',
      'u1',
    ),
    parse: parseUserId,
  },
  anonymous: field([Type.Boolean(), Type.Null()], parseFlag, 'True: the listener is nobody, whatever `userId` says.'),
  metadata: field([Type.Ref('Metadata'), Type.Null()], parseMetadata, 'What is known about the entity.'),
}

/** One event in a request. */
export const EventSchema = Type.Object(schemasOf(eventFields), {
  $id: 'Event',
  ...NAMES,
  description: 'Something that a listener did. Fields that are not listed are ignored.',
  examples: [
    {
      eventType: 'track.played',
      timestamp: '2026-11-24T10:00:00Z',
      userId: 'u1',
      entityType: 'track',
      entityId: '1',
      metadata: { albumId: '665f1c2e8b3e4a0012ab34cd', artist: 'DJ Beats' },
    },
  ],
})

/** All that an event's schema refers to by name, and itself. */
export const EVENT_SCHEMAS = [EventTypeSchema, OrderItemSchema, MetadataSchema, EventSchema]

function parseEventId(value: unknown, key: string, scope: Scope): string | undefined {
  if (value === '') return scope.fault(key, 'required', 'must not be empty; leave it out to get an id')
  return parseId(value, key, scope)
}

const KNOWN_TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES)

function parseEventType(value: unknown, key: string, scope: Scope): EventType | undefined {
  if (KNOWN_TYPES.has(value)) return value as EventType
  if (isAbsent(value)) return scope.fault(key, 'required', 'is required')
  if (typeof value !== 'string') return scope.fault(key, 'wrong_type', 'must be a string')
  return scope.fault(key, 'unknown_event_type', `must be one of ${EVENT_TYPES.join(', ')}`)
}

const TIMESTAMP_MESSAGES = {
  timestamp_invalid: 'must be an ISO 8601 date-time, a date, or integer epoch milliseconds',
  timestamp_in_future: 'must not be more than 24 hours in the future',
}

function parseInstant(value: unknown, key: string, scope: Scope) {
  if (isAbsent(value)) return scope.fault(key, 'required', 'is required')
  if (typeof value !== 'string' && typeof value !== 'number' && !isExactNumber(value)) {
    return scope.fault(key, 'wrong_type', 'must be a string or a number')
  }
  const instant = isExactNumber(value) ? 'timestamp_invalid' : parseTimestamp(value, scope.event.now)
  return typeof instant === 'number' ? instant : scope.fault(key, instant, TIMESTAMP_MESSAGES[instant])
}

function parseEntityId(value: unknown, key: string, scope: Scope): string | undefined {
  if (isAbsent(value)) return scope.fault(key, 'required', 'is required')
  if (value === '') return scope.fault(key, 'required', 'must not be empty')
  return parseId(value, key, scope)
}

/** The old service writes `anonymous` where there is no listener. */
function parseUserId(value: unknown, key: string, scope: Scope): string | undefined {
  return value === 'anonymous' ? undefined : parseId(value, key, scope)
}
