/** The values of an event's document: plain where the rules of events read them, harmless where nothing does. */
import { type Fields, isFields } from '../events/exact-json.ts'
import { MetadataSchema, OrderItemSchema } from '../events/metadata.ts'
import { plainNumber, plainValue, unreadValue, unwrap } from './extended-json.ts'

/** The fields that are read; others of the metadata and of an order's items are only kept. */
const READ = {
  metadata: new Set(Object.keys(MetadataSchema.properties)),
  item: new Set(Object.keys(OrderItemSchema.properties)),
}
/** Those of them that are numbers. */
const NUMBERS: ReadonlySet<string> = new Set(['price', 'quantity', 'durationMs', 'playedMs'])

/** The document as a client would send the event, in plain JSON. It is changed in place. */
export function plainEvent(document: Fields): Fields {
  for (const key in document) if (key !== 'metadata') document[key] = plainValue(document[key])
  if (isNaNValue(document.userId)) document.userId = null
  if (!isFields(document.metadata)) return document
  const metadata = unwrap(document.metadata)
  document.metadata = isFields(metadata) ? plainFields(metadata, READ.metadata) : metadata
  return document
}

/** Python's tables have it where a value is missing: as a listener, nobody. */
function isNaNValue(plain: unknown): boolean {
  return isFields(plain) && (plain.$numberDouble === 'NaN' || plain.$numberDecimal === 'NaN')
}

function plainFields(fields: Fields, read: ReadonlySet<string>): Fields {
  for (const key in fields) {
    const value = fields[key]
    if (!read.has(key)) fields[key] = unreadValue(plainValue(value))
    else if (NUMBERS.has(key)) fields[key] = plainNumber(value)
    else if (key === 'items' && Array.isArray(value)) fields[key] = value.map(plainItem)
    else fields[key] = plainValue(value)
  }
  return fields
}

function plainItem(item: unknown): unknown {
  return isFields(item) ? plainFields(item, READ.item) : plainValue(item)
}
