import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metadata, StatsEvent } from '../events/event.ts'
import { feedbackOf } from './feedback.ts'

const event = (more: Partial<StatsEvent>, metadata: Metadata = {}): StatsEvent => ({
  eventId: 'e1',
  eventType: 'recommendation.shown',
  timestamp: 5,
  entityType: 'album',
  entityId: 'a1',
  ...more,
  metadata: { recommendationId: 'x.model', ...metadata },
})
const itemOf = (entityType: string, entityId: string, metadata?: Metadata) =>
  feedbackOf(event({ entityType, entityId }, metadata), 'recommendation.shown').item

test('feedback says which item of which answer was shown or clicked, and to whom', () => {
  const shown = { instant: 5, deed: 'shown', strategy: 'model', answer: 'answer:x', item: 'album:a1' }
  assert.deepEqual(feedbackOf(event({}), 'recommendation.shown'), shown)
  const clicked = { ...shown, deed: 'clicked', listener: 'u1' }
  assert.deepEqual(feedbackOf(event({ userId: 'u1' }), 'recommendation.clicked'), clicked)
  for (const nobody of [{ userId: 'u1', anonymous: true as const }, { userId: 'undefined' }]) {
    assert.deepEqual(feedbackOf(event(nobody), 'recommendation.shown'), shown)
  }
})

test('the item of feedback is what its entity names, whatever the metadata name', () => {
  assert.equal(itemOf('artist', '4', { artistId: '7' }), 'artist:4')
  assert.equal(itemOf('album', 'a1', { albumId: 'a2', artist: 'Ana' }), 'album:a1')
  assert.equal(itemOf('track', 'a1_2'), 'track:a1_2')
  assert.equal(itemOf('track', '2', { albumId: 'a1' }), 'track:a1_2')
})

test('feedback whose entity says nothing is of no item', () => {
  assert.equal(itemOf('artist', 'undefined'), 'none')
  assert.equal(itemOf('track', '2'), 'none')
  assert.equal(itemOf('order', '2'), 'none')
})

test('feedback without a strategy, which another version may have let in, is of an unknown one', () => {
  const { strategy, answer } = feedbackOf({ ...event({}), metadata: {} }, 'recommendation.shown')
  assert.deepEqual([strategy, answer], ['unknown', 'answer:'])
})
