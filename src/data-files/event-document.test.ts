import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { arrivedEvents } from '../../test/support/arrived-events.ts'
import { toLogEntry } from '../events/event.ts'
import { eventDocument, readEventDocument } from './event-document.ts'
import { plainValue } from './extended-json.ts'

const OID = '665f1c2e8b3e4a0012ab34cd'
const SETTINGS = { defaultCurrency: 'CHF', playMinSeconds: 0 }

const read = (document: object) =>
  readEventDocument(plainValue(JSON.parse(JSON.stringify(document))) as Record<string, unknown>, SETTINGS)

it('an event that was written is read as it was, whatever the settings are then', () => {
  fc.assert(
    fc.property(arrivedEvents(20), events => {
      for (const ruled of events) {
        const found = read(eventDocument(ruled))
        assert.ok(found.ok)
        assert.deepEqual(toLogEntry(found.ruled), toLogEntry(ruled))
      }
    }),
  )
})

const OLD = { eventType: 'order.paid', entityId: 7, timestamp: { $date: '2031-01-01T00:00:00Z' } }

it('the id is eventId, else _id', () => {
  const idOf = (ids: object) => {
    const found = read({ ...OLD, ...ids })
    return found.ok ? found.ruled.event.eventId : found.faults[0].path
  }
  assert.equal(idOf({ _id: { $oid: OID } }), OID)
  assert.equal(idOf({ _id: { $oid: OID }, eventId: 'e1' }), 'e1')
  assert.equal(idOf({ _id: 'e2', eventId: null }), 'e2')
  assert.equal(idOf({}), '_id')
  assert.equal(idOf({ _id: { $oid: 'short' } }), 'eventId')
})

it('an old document is ruled by the settings of now', () => {
  const found = read({ ...OLD, _id: 'e1', metadata: { price: 14.270000000000001 } })
  assert.ok(found.ok)
  assert.deepEqual(found.ruled.ruling, { currency: 'CHF' })
  assert.deepEqual(found.ruled.event.metadata, { price: '14.27' })
})

it('an artist that was stored as an object is one by its id', () => {
  const found = read({ ...OLD, _id: 'e1', metadata: { artist: { _id: { $oid: OID }, name: 'Ana', __v: 0 } } })
  assert.ok(found.ok)
  assert.deepEqual(found.ruled.event.metadata, { artistId: OID, artist: 'Ana' })
})

it('no number (NaN) is nobody', () => {
  const found = read({ ...OLD, _id: 'e1', userId: { $numberDouble: 'NaN' } })
  assert.ok(found.ok && found.ruled.event.userId === undefined)
})

it('a ruling that is none is refused', () => {
  for (const _ruling of [5, { skipped: 1 }, { currency: 'NONE' }, { other: true }]) {
    const found = read({ ...OLD, _id: 'e1', _ruling })
    assert.ok(!found.ok && found.faults[0].code === 'ruling_invalid')
  }
})
