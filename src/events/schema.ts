/** The event as clients send it, for the API document. What is accepted in the end, `validate.ts` decides. */
import { Type } from 'typebox'
import { EVENT_TYPES } from './event.ts'
import { MAX_ID_LENGTH, MAX_TEXT_LENGTH } from './field-reading.ts'
import { MAX_ARTISTS, MAX_ITEMS, MAX_QUANTITY } from './metadata-reading.ts'

/** No store keeps NUL unchanged. */
const CLEAN = { pattern: '^[^\\u0000]*$' }

/** Names of fields: what means something to a store or to JavaScript is refused. */
const NAMES = {
  propertyNames: { pattern: String.raw`^(?!\$|(?:__proto__|constructor|prototype)$)[^.\u0000]*$` },
}

const Id = Type.Union([Type.String({ maxLength: MAX_ID_LENGTH, ...CLEAN }), Type.Integer(), Type.Null()], {
  description: 'A string, or an integer, which is taken as its decimal string; null or empty is the same as absent.',
})

const nullable = <T extends Type.TSchema>(schema: T, options: Type.TSchemaOptions) =>
  Type.Optional(Type.Union([schema, Type.Null()], options))

const id = (description: string, ...examples: string[]) =>
  Type.Optional(Type.Union(Id.anyOf, { description, examples }))

const nonEmptyId = (description: string, ...examples: string[]) =>
  Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH, ...CLEAN }), Type.Integer(), Type.Null()], {
      description,
      examples,
    }),
  )

const text = (description: string, ...examples: string[]) =>
  nullable(Type.String({ maxLength: MAX_TEXT_LENGTH, ...CLEAN }), { description, examples })

const milliseconds = (description: string) =>
  nullable(Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), { description, examples: [215000] })

const Price = Type.Union(
  [Type.Number({ minimum: 0 }), Type.String({ format: 'price', pattern: String.raw`^-?\d+(\.\d+)?$` }), Type.Null()],
  {
    description:
      'A number or a decimal string, not negative, with no more decimals than the currency has. The noise of a ' +
      'floating-point number (below 0.000001) is rounded away.',
    examples: [9.99, '9.99'],
  },
)

const Currency = Type.Union([Type.String({ format: 'currency', pattern: '^[A-Za-z]{3}$' }), Type.Null()], {
  description: 'ISO 4217; where it is absent, the default currency of the service.',
  examples: ['EUR'],
})

const ArtistObject = Type.Object(
  {
    id: Type.Optional(Id),
    _id: Type.Optional(Id),
    name: Type.Optional(Type.Union([Type.String({ maxLength: MAX_TEXT_LENGTH, ...CLEAN }), Type.Null()])),
  },
  {
    description:
      'An artist as the catalogue fills it in: `id`, else `_id`, and the `name` are taken, at least one of which it must ' +
      'have (in `artistIds` an id); the rest is dropped.',
  },
)

const naming = {
  albumId: id('The album in the catalogue.', '665f1c2e8b3e4a0012ab34cd'),
  artistId: Type.Optional(
    Type.Union([...Id.anyOf, ArtistObject], { description: 'The artist in the catalogue.', examples: ['4'] }),
  ),
  artistIds: nullable(Type.Array(Type.Union([...Id.anyOf, ArtistObject]), { maxItems: MAX_ARTISTS }), {
    description: 'Several artists, each credited; the revenue of an order is split between them.',
    examples: [['4', '7']],
  }),
  artist: Type.Optional(
    Type.Union([Type.String({ maxLength: MAX_TEXT_LENGTH, ...CLEAN }), ArtistObject, Type.Null()], {
      description: "The artist's name.",
      examples: ['DJ Beats'],
    }),
  ),
  artistName: text("The artist's name, as follows send it.", 'DJ Beats'),
  title: text('What the track or album is called.', 'Night Drive'),
  genre: text('The musical genre.', 'Rock'),
  price: Type.Optional(Price),
  currency: Type.Optional(Currency),
  partial: Type.Optional(
    Type.Unknown({
      description:
        'Of a refund, or of one of its lines: true, false or null; true takes back revenue and not the purchase. ' +
        'Elsewhere it means nothing, and is kept as it came.',
    }),
  ),
}

const EventTypeSchema = Type.Enum([...EVENT_TYPES], {
  $id: 'EventType',
  type: 'string',
  description: 'What happened.',
  examples: ['track.played'],
})

/** One line of an order. Fields that are not listed are kept as they came. */
export const OrderItemSchema = Type.Object(
  {
    ...naming,
    quantity: nullable(Type.Integer({ minimum: 1, maximum: MAX_QUANTITY }), {
      description: 'How many pieces; the price is that of one.',
      examples: [1],
    }),
  },
  {
    $id: 'OrderItem',
    additionalProperties: true,
    ...NAMES,
    description: 'One line of an order: its own artist or album, its own price.',
  },
)

export const MetadataSchema = Type.Object(
  {
    ...naming,
    durationMs: milliseconds('How long the track is; 0 is unknown.'),
    playedMs: milliseconds('How long it was played. A short play of less than half the track is a skip, and so is 0.'),
    items: nullable(Type.Array(Type.Ref('OrderItem'), { maxItems: MAX_ITEMS }), {
      description: 'The lines of an order.',
    }),
  },
  {
    $id: 'Metadata',
    additionalProperties: true,
    ...NAMES,
    description:
      'What is known about the entity. Every field may be null, which is the same as absent. Unknown fields are kept, ' +
      'whole numbers of up to 34 digits exactly; ' +
      'names that begin with `$`, contain a dot or name a prototype are refused.',
  },
)

/** From here on events can have happened. */
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z')

/** One event in a request. */
export const EventSchema = Type.Object(
  {
    eventId: nonEmptyId(
      'Identifies the event for ever: sent again with the same content, it counts once. Absent: the Idempotency-Key ' +
        'header, else the service makes a UUIDv7.',
      '01a210ab-ee1c-7ac9-8a39-da2f0bb5e2b5',
    ),
    eventType: Type.Ref('EventType'),
    timestamp: Type.Union([Type.String({ format: 'iso-8601', maxLength: 48 }), Type.Integer({ minimum: YEAR_1 })], {
      description:
        'When it happened: ISO 8601 (without an offset it is UTC, a date alone is its midnight) or integer epoch ' +
        'milliseconds. Not more than 24 hours in the future.',
      examples: ['2026-11-24T10:00:00Z', 1795514400000],
    }),
    entityId: Type.Union([Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH, ...CLEAN }), Type.Integer()], {
      description: 'What it happened to: a track, an album, an artist or an order.',
      examples: ['t1'],
    }),
    entityType: nullable(Type.String({ maxLength: MAX_ID_LENGTH, ...CLEAN }), {
      description: 'What kind of thing `entityId` names: `track`, `album`, `artist`, `order`.',
      examples: ['track'],
    }),
    userId: id(
      'The listener. Null, absent, blank, or `anonymous`, `undefined`, `null`, `NaN` or `[object Object]` in any case of ' +
        'letters: nobody.',
      'u1',
    ),
    anonymous: nullable(Type.Boolean(), { description: 'True: the listener is nobody, whatever `userId` says.' }),
    metadata: nullable(Type.Ref('Metadata'), { description: 'What is known about the entity.' }),
  },
  {
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
  },
)

/** All that an event's schema refers to by name, and itself. */
export const EVENT_SCHEMAS = [EventTypeSchema, OrderItemSchema, MetadataSchema, EventSchema]
