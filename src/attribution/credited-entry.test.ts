import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { oddEntries } from '../../test/support/odd-entries.ts'
import { randomEvents } from '../../test/support/random-events.ts'
import { toLogEntry } from '../events/event.ts'
import type { StoredEntry } from '../storage/storage.ts'
import { creditEntry, UNPROJECTABLE } from './credited-entry.ts'
import { creditEvent } from './credits.ts'

const PLAY = '["track.played","1","track","u1",0,{"artistId":"4"}]'
const entry = (given: Partial<StoredEntry>): StoredEntry => ({
  seq: 1,
  id: 'e1',
  timestamp: Date.UTC(2026, 10, 24),
  content: PLAY,
  decision: '',
  ...given,
})

function faultOf(given: Partial<StoredEntry>): string | null {
  const credited = creditEntry(entry(given))
  if (credited.ok) return null
  assert.equal(credited.fault.code, UNPROJECTABLE)
  return `${credited.fault.path} ${credited.fault.message}`
}

test('creditEntry gives the credits of every event that was validated', () =>
  fc.assert(
    fc.property(randomEvents(5), events => {
      for (const ingested of events) {
        const credited = creditEntry({ ...toLogEntry(ingested), seq: 1 })
        assert.deepEqual(credited, { ok: true, event: creditEvent(ingested) })
      }
    }),
  ))

test('creditEntry sets aside a timestamp outside of the years that can be counted', () => {
  const rule = 'timestamp must lie in the years 0 to 7710 to be counted'
  for (const timestamp of [Date.UTC(9999, 11, 31), Date.UTC(7711, 0), 8.64e15, -8.64e15, 2 ** 53, Number.NaN]) {
    assert.equal(faultOf({ timestamp }), rule)
  }
  for (const text of ['0000-01-01T00:00:00Z', '7710-12-31T23:59:59.999Z']) {
    assert.equal(faultOf({ timestamp: Date.parse(text) }), null)
  }
})

test('creditEntry sets aside an event of another version that it does not understand', () => {
  assert.match(faultOf({ content: PLAY.replace('track.played', 'track.shared') }) ?? '', /^eventType must be one of/)
  assert.match(faultOf({ content: '{"type":"track.played"}' }) ?? '', /is no event that this version/)
  assert.match(faultOf({ content: 'torn' }) ?? '', /is no event that this version/)
  assert.match(faultOf({ content: PLAY.replace('{"artistId":"4"}', '7') }) ?? '', /^$|metadata|is no event/)
})

test('creditEntry sets aside an order whose price is no amount of money', () => {
  for (const price of ['free', '1e400', '99999999999999999']) {
    const content = JSON.stringify(['order.paid', '1', 'order', 'u1', 0, { artistId: '4', price, currency: 'EUR' }])
    assert.equal(faultOf({ content }), 'metadata must hold prices that are exact in minor units')
  }
})

test('creditEntry never throws, whatever the log holds', () => {
  fc.assert(
    fc.property(oddEntries, given => {
      creditEntry(entry(given))
    }),
    { numRuns: 5_000 },
  )
})
