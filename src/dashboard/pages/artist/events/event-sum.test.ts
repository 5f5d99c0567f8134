/** What counted events add up to. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CountedEvent } from '../../../../http/artist-events.ts'
import { sumOf } from './event-sum.ts'

const event = (counts: number, listener: string | null, amount: number | null = null, currency: string | null = null) =>
  ({ counts, listener, amount, currency }) as CountedEvent

test('a figure is the sum of what its events add, those taken back included', () => {
  assert.equal(sumOf('likes', [event(1, 'a'), event(1, 'b'), event(-1, 'a')], 'EUR'), 1)
})

test('listeners are the different known ones', () => {
  assert.equal(sumOf('uniqueListeners', [event(1, 'a'), event(1, 'a'), event(1, 'b'), event(1, null)], 'EUR'), 2)
})

test('revenue is that of its currency, net of refunds, without the noise of binary fractions', () => {
  const events = [
    event(1, 'a', 0.1, 'EUR'),
    event(1, 'a', 0.2, 'EUR'),
    event(1, 'b', 5, 'USD'),
    event(0, 'a', -0.1, 'EUR'),
  ]
  assert.equal(sumOf('revenue', events, 'EUR'), 0.2)
})
