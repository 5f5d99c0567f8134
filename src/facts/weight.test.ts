import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Metadata, toLogEntry } from '../events/event.ts'
import { extraWeightOf, weightOf } from './weight.ts'

const entry = (metadata: Metadata) =>
  toLogEntry({
    event: { eventId: 'e1', eventType: 'order.paid', timestamp: 0, entityId: 'o1', entityType: 'order', metadata },
    decision: {},
  })
const artists = (count: number) => Array.from({ length: count }, (_, i) => String(i))

test('a usual event weighs 1', () => {
  assert.equal(weightOf(entry({ artistId: '4', price: '9.99', currency: 'EUR' })), 1)
  assert.equal(weightOf(entry({ items: [{ artistId: '4' }, { artistId: '5' }] })), 1)
})

test('an event of many credits weighs as they do, wherever they are', () => {
  assert.equal(weightOf(entry({ artistIds: artists(500) })), 125)
  assert.equal(weightOf(entry({ items: Array.from({ length: 100 }, () => ({ artistIds: artists(5) })) })), 125)
})

test('a long event weighs as its characters do, also one that cannot be read', () => {
  assert.equal(Math.floor(weightOf(entry({ title: 'x'.repeat(80_000) }))), 100)
  const unreadable = { ...entry({}), content: '"items"'.padEnd(8_000) }
  assert.equal(weightOf(unreadable), 10)
  assert.equal(extraWeightOf([unreadable, entry({})]), 9)
})
