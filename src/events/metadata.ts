/** The metadata of an event, and the items of an order in it: tables of their fields. Other fields are kept as they came. */
import { Type } from 'typebox'
import { artistFields, withPlainArtist } from './artist.ts'
import { MAX_ID_LENGTH, MAX_ITEMS, MAX_QUANTITY } from './bounds.ts'
import type { Json, Metadata, OrderItem } from './event.ts'
import { type Fields, isExactNumber, isFields } from './exact-json.ts'
import {
  type Field,
  field,
  id,
  isAbsent,
  milliseconds,
  NAMES,
  type Parse,
  parseFlag,
  parseLimitedText,
  parseUnknown,
  schemasOf,
  text,
  textSchema,
} from './field.ts'
import { MAX_MINOR_UNITS, minorUnits } from './money.ts'
import { currency, currencyOf, PRICE_MESSAGES, price } from './price.ts'
import type { Scope } from './scope.ts'

const common = {
  albumId: id('The album in the catalogue.', '665f1c2e8b3e4a0012ab34cd'),
  ...artistFields,
  artistName: text("The artist's name, as follows send it.", 'DJ Beats'),
  title: text('What the track or album is called.', 'Night Drive'),
  genre: text('The musical genre.', 'Rock'),
  price,
  currency,
  partial: {
    schema: Type.Optional(
      Type.Unknown({
        description:
          'Of a refund, or of one of its lines: true, false or null; true takes back revenue and not the purchase. ' +
          'Elsewhere it means nothing, and is kept as it came.',
      }),
    ),
    parse: (value: unknown, key: string, scope: Scope) =>
      (scope.event.isRefund ? parseFlag : parseUnknown)(value, key, scope),
  },
}

const itemFields = {
  ...common,
  quantity: field(
    [Type.Integer({ minimum: 1, maximum: MAX_QUANTITY }), Type.Null()],
    parseQuantity,
    'How many pieces; the price is that of one.',
    1,
  ),
}

const metadataFields = {
  ...common,
  durationMs: milliseconds('How long the track is; 0 is unknown.'),
  playedMs: milliseconds('How long it was played. A short play of less than half the track is a skip, and so is 0.'),
  items: field(
    [Type.Array(Type.Ref('OrderItem'), { maxItems: MAX_ITEMS }), Type.Null()],
    parseItems,
    'The lines of an order.',
  ),
  recommendationId: field(
    [textSchema(MAX_ID_LENGTH), Type.Null()],
    (value, key, scope) => parseLimitedText(value, MAX_ID_LENGTH, key, scope),
    'The `recommendationId` of the row that was recommended, as the answer has it. `recommendation.shown` and ' +
      '`recommendation.clicked` need it.',
    '01a210ab-ee1c-7ac9-8a39-da2f0bb5e2b5.model',
  ),
}

export const OrderItemSchema = Type.Object(schemasOf(itemFields), {
  $id: 'OrderItem',
  additionalProperties: true,
  ...NAMES,
  description: 'One line of an order: its own artist or album, its own price.',
})

export const MetadataSchema = Type.Object(schemasOf(metadataFields), {
  $id: 'Metadata',
  additionalProperties: true,
  ...NAMES,
  description:
    'What is known about the entity. Every field may be null, which is the same as absent. Unknown fields are kept, ' +
    'whole numbers of up to 34 digits exactly; ' +
    'names that begin with `$`, contain a dot or name a prototype are refused.',
})

type Parsers = ReadonlyMap<string, Parse>

const parsersOf = (fields: Record<string, Field>): Parsers =>
  new Map(Object.entries(fields).map(([name, { parse }]) => [name, parse]))

const METADATA_PARSERS = parsersOf(metadataFields)
const ITEM_PARSERS = parsersOf(itemFields)

/** The normalised metadata; undefined where there is none, or where it is refused. */
export function parseMetadata(value: unknown, key: string, scope: Scope): Metadata | undefined {
  if (isAbsent(value)) return undefined
  if (!isFields(value)) return scope.fault(key, 'wrong_type', 'must be an object')
  const metadata: Metadata = parseFields(value, METADATA_PARSERS, scope.child(key))
  return Object.keys(metadata).length > 0 ? metadata : undefined
}

function parseFields(raw: Fields, parsers: Parsers, scope: Scope): Record<string, Json> {
  const fields = withPlainArtist(raw, scope)
  scope.currency = currencyOf(fields.currency, scope)
  const parsed: Record<string, Json> = {}
  for (const key in fields) {
    const parse = parsers.get(key) ?? parseUnknown
    const value = parse(fields[key], key, scope)
    if (value !== undefined) parsed[key] = value as Json
  }
  return parsed
}

function parseItems(value: unknown, key: string, scope: Scope): OrderItem[] | undefined {
  if (isAbsent(value)) return undefined
  if (!Array.isArray(value)) return scope.fault(key, 'wrong_type', 'must be an array of objects')
  if (value.length > MAX_ITEMS) return scope.fault(key, 'too_many', `must have at most ${MAX_ITEMS} entries`)
  const list = scope.child(key)
  const items: OrderItem[] = []
  const totals: Totals = new Map()
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i]
    if (isFields(item)) items.push(parseItem(item, list.child(String(i)), totals))
    else list.fault(String(i), 'wrong_type', 'must be an object')
  }
  if (totals.values().some(total => total > MAX_MINOR_UNITS)) scope.fault(key, 'price_too_large', ORDER_TOO_LARGE)
  return items.length > 0 ? items : undefined
}

/** What the lines of an order come to in each currency, in minor units. */
type Totals = Map<string, number>

const ORDER_TOO_LARGE = `must not come to more than ${MAX_MINOR_UNITS} of the smallest unit of a currency altogether`

function parseItem(raw: Fields, scope: Scope, totals: Totals): OrderItem {
  const item: OrderItem = parseFields(raw, ITEM_PARSERS, scope)
  const { price, quantity = 1 } = item
  if (price === undefined) return item
  const code = scope.currency.code ?? scope.event.defaultCurrency
  const line = minorUnits(price, code) * quantity
  if (line > MAX_MINOR_UNITS) scope.fault('price', 'price_too_large', PRICE_MESSAGES.price_too_large)
  else totals.set(code, (totals.get(code) ?? 0) + line)
  return item
}

function parseQuantity(value: unknown, key: string, scope: Scope): number | undefined {
  if (isAbsent(value)) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_QUANTITY) return value
  if (typeof value !== 'number' && !isExactNumber(value)) return scope.fault(key, 'wrong_type', 'must be an integer')
  return scope.fault(key, 'number_invalid', `must be an integer from 1 to ${MAX_QUANTITY}`)
}
