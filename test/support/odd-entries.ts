/** Entries that no version of the service should have let into the log, and that may be there even so. */
import fc from 'fast-check'

const fields = fc.constantFrom(
  'artistId',
  'artistIds',
  'artist',
  'albumId',
  'genre',
  'title',
  'price',
  'currency',
  'items',
)
const types = fc.constantFrom('track.played', 'order.paid', 'order.refunded', 'track.shared')
const metadata = fc.dictionary(fields, fc.jsonValue({ maxDepth: 2 }))

const content = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .tuple(types, fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), metadata)
    .map(parts => JSON.stringify(parts)),
  fc.tuple(types, metadata).map(([type, given]) => JSON.stringify([type, '1', null, 'u1', 0, given])),
)

export const oddEntries = fc.record({
  content,
  decision: fc.oneof(fc.constant(''), fc.string(), fc.json()),
  timestamp: fc.oneof(fc.constant(0), fc.integer({ min: -8.64e15, max: 8.64e15 })),
})
