/** What a soak concludes: its ledger notices whatever a service may do wrong with events, and its slope is that of the memory. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Ledger, type LedgerEvent } from '../../dev/soak/ledger.ts'
import { slope } from '../../dev/soak/memory.ts'

let ledger: Ledger

beforeEach(() => {
  ledger = new Ledger()
})

function event(eventId: string, more: Partial<LedgerEvent> = {}): LedgerEvent {
  const timestamp = '2026-09-01T00:00:00Z'
  return { eventId, eventType: 'track.played', timestamp, entityId: '1', userId: 'u1', ...more }
}

function acknowledged(...ids: string[]): LedgerEvent[] {
  const events = ids.map(id => event(id))
  for (const each of events) {
    ledger.noteSent(each)
    ledger.noteAcknowledged(each)
  }
  return events
}

test('a soak finds nothing where each acknowledged event is in the log once', async () => {
  const events = acknowledged('soak-0-0', 'soak-0-5000', 'soak-3-7')
  const { lost, doubled, foreign, changed, ...counts } = await ledger.compare(events)
  assert.deepEqual([lost.count, doubled.count, foreign.count, changed.count], [0, 0, 0, 0])
  assert.equal(counts.events, 3)
  assert.equal(String(counts.loggedByType), 'track.played 3')
  assert.equal(String(counts.acknowledgedByType), 'track.played 3')
})

test('a soak notices an acknowledged event that is not in the log', async () => {
  const [first] = acknowledged('soak-0-0', 'soak-0-1')
  assert.deepEqual((await ledger.compare([first!])).lost, { count: 1, examples: ['soak-0-1'] })
})

test('a soak notices an event that is in the log twice, and one of an attack too', async () => {
  const [one] = acknowledged('soak-0-0')
  const { doubled } = await ledger.compare([one!, event('attack-1'), one!, event('attack-1')])
  assert.deepEqual(doubled, { count: 2, examples: ['soak-0-0', 'attack-1'] })
})

test('a soak notices an event that nobody sent', async () => {
  acknowledged('soak-0-0')
  const { foreign } = await ledger.compare([event('soak-0-0'), event('soak-0-1'), event('soak-7-0'), event('other')])
  assert.deepEqual(foreign, { count: 3, examples: ['soak-0-1', 'soak-7-0', 'other'] })
})

test('a soak notices an event that the log has with another content', async () => {
  acknowledged('soak-0-0', 'soak-0-1')
  const log = [event('soak-0-0', { timestamp: '2026-09-01T00:00:00.001Z' }), event('soak-0-1', { entityId: '2' })]
  assert.deepEqual((await ledger.compare(log)).changed, { count: 2, examples: ['soak-0-0', 'soak-0-1'] })
})

test('a soak leaves open whether an event that was not acknowledged is in the log', async () => {
  ledger.noteSent(event('soak-0-0'))
  ledger.noteSent(event('soak-0-1'))
  const { lost, foreign } = await ledger.compare([event('soak-0-1')])
  assert.deepEqual([lost.count, foreign.count], [0, 0])
})

test('a soak counts an event once that is sent and acknowledged again', () => {
  acknowledged('soak-0-0')
  acknowledged('soak-0-0')
  assert.deepEqual([ledger.sent, ledger.acknowledged], [1, 1])
})

test('a soak gives the slope of the memory in MB a minute, whatever scatters around it', () => {
  const samples = Array.from({ length: 60 }, (_, at) => ({ at, mb: 300 + at * 0.5 + (at % 2 === 0 ? 10 : -10) }))
  assert.ok(Math.abs(slope(samples)! - 30) < 2, String(slope(samples)))
  assert.equal(slope(samples.slice(0, 5)), undefined)
})
