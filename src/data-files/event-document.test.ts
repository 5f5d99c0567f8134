import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { arrivedEvents } from '../../test/support/arrived-events.ts'
import { oddEntries } from '../../test/support/odd-entries.ts'
import { readEntry } from '../attribution/credited-entry.ts'
import { toLogEntry } from '../events/event.ts'
import { validateEvent } from '../events/validate.ts'
import { eventDocument, readEventDocument } from './event-document.ts'

const OID = '665f1c2e8b3e4a0012ab34cd'
const NOW = Date.parse('2031-01-02T00:00:00Z')
const SETTINGS = { now: NOW, defaultCurrency: 'CHF', playMinSeconds: 0 }

const read = (document: object) =>
  readEventDocument(JSON.parse(JSON.stringify(document)) as Record<string, unknown>, SETTINGS)

test('reads an event as it was written, whatever the settings are when it is read', () => {
  fc.assert(
    fc.property(arrivedEvents(20), events => {
      for (const ingested of events) {
        const found = read(eventDocument(ingested))
        assert.ok(found.ok)
        assert.deepEqual(toLogEntry(found.ingested), toLogEntry(ingested))
      }
    }),
  )
})

const OLD = { eventType: 'order.paid', entityId: 7, timestamp: { $date: '2031-01-01T00:00:00Z' } }

const idOf = (ids: object) => {
  const found = read({ ...OLD, ...ids })
  return found.ok ? found.ingested.event.eventId : found.id
}

test('the id is eventId, else _id', () => {
  assert.equal(idOf({ _id: { $oid: OID } }), OID)
  assert.equal(idOf({ _id: { $oid: OID }, eventId: 'e1' }), 'e1')
  assert.equal(idOf({ _id: 'e2', eventId: null }), 'e2')
  assert.equal(idOf({ _id: { $numberLong: '7' } }), '7')
  assert.equal(idOf({ _id: { $binary: { base64: `${'A'.repeat(21)}Q==`, subType: '04' } } }).length, 36)
})

test('an event without an id gets a hash of its document as one, the same in either form of Extended JSON', () => {
  const made = idOf({})
  assert.match(made, /^[0-9a-f]{32}$/)
  assert.equal(idOf({ entityId: { $numberInt: '7' } }), made)
  const others = [{ entityId: 8 }, { _id: { $oid: 'short' } }, { _id: { a: 1 } }, { _id: 1.5 }, { other: 1 }]
  assert.equal(new Set([made, ...others.map(idOf)]).size, 6)
})

test('an event that is refused has the id that it would have had', () => {
  assert.equal(idOf({ _id: 'e2', entityId: null }), 'e2')
  assert.equal(idOf({ _id: 'e2', eventId: [1] }), 'e2')
  assert.equal(idOf({ entityId: null }), idOf({ entityId: null }))
})

test('refuses what is more than 24 hours after now, in every form of a date', () => {
  const reasonOf = (timestamp: unknown) => {
    const found = read({ ...OLD, _id: 'e1', timestamp })
    return found.ok ? 'ok' : found.faults[0].code
  }
  const far = [{ $date: '9999-12-31T00:00:00Z' }, { $date: { $numberLong: '253402300800000' } }, 8640000000000000]
  for (const timestamp of [...far, { $date: NOW + 86_400_001 }])
    assert.equal(reasonOf(timestamp), 'timestamp_in_future')
  for (const timestamp of [{ $date: NOW + 86_400_000 }, { $date: '2013-01-01T00:00:00.000-0500' }, { $date: 0 }]) {
    assert.equal(reasonOf(timestamp), 'ok')
  }
})

test('takes ids of every kind, and decimals where numbers are read', () => {
  const uuid = '0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d'
  const found = read({
    ...OLD,
    _id: { $uuid: uuid },
    userId: { $uuid: uuid },
    entityId: { $numberDecimal: '1E+1' },
    metadata: {
      artistId: { $oid: OID },
      price: { $numberDecimal: '1.5E+2' },
      durationMs: { $numberDecimal: '200000' },
      playedMs: { $numberDouble: '1.5E5' },
      discount: { $numberDecimal: '9.990' },
      items: [{ price: { $numberDecimal: '0E-2' }, quantity: { $numberDecimal: '2' }, tax: { $numberDouble: 'NaN' } }],
    },
  })
  assert.ok(found.ok)
  const { eventId, userId, entityId, metadata } = found.ingested.event
  assert.deepEqual([eventId, userId, entityId], [uuid, uuid, '10'])
  assert.deepEqual(metadata, {
    artistId: OID,
    price: '150',
    durationMs: 200_000,
    playedMs: 150_000,
    discount: '9.990',
    items: [{ price: '0', quantity: 2, tax: 'NaN' }],
  })
})

test('refuses an odd value only in a field that a rule reads, and gives the event in plain JSON then', () => {
  const odd = [{ $numberDouble: 'NaN' }, { $ref: 'artists', $id: { $oid: OID } }, { $minKey: 1 }]
  for (const value of odd) {
    assert.ok(read({ ...OLD, _id: 'e1', other: value, metadata: { other: value, items: [{ other: value }] } }).ok)
    for (const key of ['artistId', 'artist', 'price', 'playedMs', 'items']) {
      const found = read({ ...OLD, _id: 'e1', metadata: { [key]: value, other: value } })
      assert.ok(!found.ok && found.faults[0].path === `metadata.${key}`, key)
      // The repaired event can be sent, and what was not repaired is refused again.
      const again = validateEvent(JSON.parse(JSON.stringify(found.plain)), { ...SETTINGS, id: 'e1', newId: () => '' })
      assert.ok(!again.ok)
      assert.deepEqual([...new Set(again.faults.map(({ path }) => path))], [`metadata.${key}`])
    }
  }
})

test('an event whose userId is NaN is anonymous', () => {
  const found = read({ ...OLD, _id: 'e1', userId: { $numberDouble: 'NaN' } })
  assert.ok(found.ok && found.ingested.event.userId === undefined)
})

test('a quantity that is no whole number is refused, however it is written', () => {
  for (const quantity of [1.5, { $numberDecimal: '1.5' }, { $numberDecimal: '2.0000000000000000000001' }, '2']) {
    assert.ok(!read({ ...OLD, _id: 'e1', metadata: { items: [{ price: 1, quantity }] } }).ok)
  }
})

test('writes prices as numbers, and they are read as they were', () => {
  const found = read({
    ...OLD,
    _id: 'e1',
    metadata: { price: '14.50', items: [{ price: '9.99' }], note: { price: '1' } },
  })
  assert.ok(found.ok)
  const { metadata } = eventDocument(found.ingested) as { metadata: unknown }
  assert.deepEqual(metadata, { price: 14.5, items: [{ price: 9.99 }], note: { price: '1' } })
})

test('a document without a decision is ingested by the present settings', () => {
  const found = read({ ...OLD, _id: 'e1', metadata: { price: 14.270000000000001 } })
  assert.ok(found.ok)
  assert.deepEqual(found.ingested.decision, { currency: 'CHF' })
  assert.deepEqual(found.ingested.event.metadata, { price: '14.27' })
})

test('reads an artist that was stored as an object by its id', () => {
  const found = read({ ...OLD, _id: 'e1', metadata: { artist: { _id: { $oid: OID }, name: 'Ana', __v: 0 } } })
  assert.ok(found.ok)
  assert.deepEqual(found.ingested.event.metadata, { artistId: OID, artist: 'Ana' })
})

test('refuses a decision of another form', () => {
  for (const _ruling of [5, { skipped: 1 }, { currency: 'NONE' }, { other: true }]) {
    const found = read({ ...OLD, _id: 'e1', _ruling })
    assert.ok(!found.ok && found.faults[0].code === 'ruling_invalid')
  }
})

test('writes any entry of a log that can be read', () => {
  fc.assert(
    fc.property(oddEntries, odd => {
      const ingested = readEntry({ id: 'odd', seq: 1, ...odd })
      if (ingested !== null) assert.doesNotThrow(() => JSON.stringify(eventDocument(ingested)))
    }),
    { numRuns: 1000 },
  )
  const later = { id: 'later', seq: 1, timestamp: NOW, decision: '' }
  const metadata = { items: 'none', price: 'free' }
  const ingested = readEntry({ ...later, content: JSON.stringify(['track.shared', '1', null, null, 0, metadata]) })
  assert.deepEqual((eventDocument(ingested!) as { metadata: unknown }).metadata, metadata)
})
