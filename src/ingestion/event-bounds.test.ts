import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateBoundedEvent } from './event-bounds.ts'

const CONTEXT = { now: Date.UTC(2026, 10, 24, 12), defaultCurrency: 'EUR', playMinSeconds: 30, newId: () => 'new-id' }
const FIVE = { artistIds: ['1', '2', '3', '4', '5'] }
const HUNDRED = { artistIds: Array.from({ length: 100 }, (_, i) => `${i}`) }

function faultsOf(metadata: object): string[] {
  const raw = { eventType: 'order.paid', timestamp: '2026-11-24T10:00:00Z', entityId: '1', eventId: 'e1', metadata }
  const validation = validateBoundedEvent(raw, CONTEXT)
  if (validation.ok) return []
  assert.equal(validation.id, 'e1')
  return validation.faults.map(({ path, code }) => `${path} ${code}`)
}

test('refuses an order that credits more than 500 artists, those of each item counted by themselves', () => {
  assert.deepEqual(faultsOf({ items: Array(100).fill(FIVE) }), [])
  assert.deepEqual(faultsOf({ items: Array(101).fill(FIVE) }), ['metadata.items too_many_credits'])
})

test('counts the artists of the order for each item that names none', () => {
  assert.deepEqual(faultsOf({ items: Array(5).fill({}), ...HUNDRED }), [])
  assert.deepEqual(faultsOf({ items: Array(6).fill({}), ...HUNDRED }), ['metadata.items too_many_credits'])
})

test('refuses metadata of more than 65,536 characters in names and texts', () => {
  assert.deepEqual(faultsOf({ note: 'x'.repeat(65_536 - 'note'.length - 1) }), [])
  assert.deepEqual(faultsOf({ note: 'x'.repeat(65_536 - 'note'.length) }), ['metadata too_large'])
  assert.deepEqual(faultsOf({ notes: Array(66).fill('x'.repeat(1000)) }), ['metadata too_large'])
  assert.deepEqual(faultsOf({ ['x'.repeat(65_536)]: 1 }), ['metadata too_large'])
  assert.deepEqual(faultsOf({ values: Array(65_536).fill(1) }), ['metadata too_large'])
})

test('gives both faults of an order that breaks both bounds', () => {
  const metadata = { items: Array(101).fill(FIVE), note: 'x'.repeat(65_536) }
  assert.deepEqual(faultsOf(metadata), ['metadata.items too_many_credits', 'metadata too_large'])
})

test('gives no bounds with other faults', () => {
  const metadata = { note: 'x'.repeat(65_536), price: -1 }
  assert.deepEqual(faultsOf(metadata), ['metadata.price price_negative'])
})
