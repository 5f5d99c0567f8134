import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { EVENT_SCHEMAS, EventSchema } from './schema.ts'
import { validateEvent } from './validate.ts'

const CONTEXT = { now: Date.UTC(2026, 10, 24, 12), defaultCurrency: 'EUR', playMinSeconds: 30, newId: () => 'id' }
const TIMESTAMP = '2026-11-24T10:00:00Z'
/** The schemas by their names, as references have them. */
const NAMED = Object.fromEntries(EVENT_SCHEMAS.map(schema => [String(Reflect.get(schema, '$id')), schema]))

const PLAY = { eventType: 'track.played', timestamp: TIMESTAMP, entityId: '1' }

const ACCEPTED = [
  { ...PLAY, entityType: 'track', userId: null, metadata: { albumId: '665f1c2e8b3e4a0012ab34cd', artist: 'DJ Beats' } },
  { ...PLAY, eventType: 'track.liked', entityType: 'track', userId: 'u1', metadata: { artist: null, albumId: null } },
  { ...PLAY, eventType: 'artist.followed', entityType: 'artist', entityId: 4, metadata: { artistName: 'DJ Beats' } },
  { ...PLAY, eventType: 'order.paid', metadata: { price: 14.270000000000001, currency: 'EUR', itemsCount: 2 } },
  { ...PLAY, eventType: 'order.paid', metadata: { items: [{ artistId: 4, price: '9.99', quantity: 2 }] } },
  { ...PLAY, eventType: 'order.refunded', metadata: { partial: true, items: [{ artistId: 4, partial: null }] } },
  { ...PLAY, metadata: { artist: { _id: 'abc', id: 4, name: 'DJ Beats' }, artistIds: [{ id: 4 }] } },
  { ...PLAY, eventType: 'recommendation.clicked', entityType: 'track', metadata: { recommendationId: 'x.model' } },
  { ...PLAY, timestamp: 1_795_514_400_000, entityType: null, anonymous: null, metadata: null, extra: 1 },
]

const REFUSED = [
  {},
  { ...PLAY, eventType: 'unknown' },
  { ...PLAY, entityId: '' },
  { ...PLAY, anonymous: 'yes' },
  { ...PLAY, metadata: { price: -1 } },
  { ...PLAY, metadata: { items: [{ quantity: 0 }] } },
  { ...PLAY, metadata: { artistIds: 'a' } },
  { ...PLAY, metadata: { artistId: { id: true } } },
  { ...PLAY, metadata: { recommendationId: 5 } },
]

/** Refused because of another field, which the schema says in words alone. */
const REFUSED_TOGETHER = [
  { ...PLAY, eventType: 'order.refunded', metadata: { partial: 'yes' } },
  { ...PLAY, eventType: 'recommendation.shown', entityType: 'track' },
  { ...PLAY, eventType: 'recommendation.shown', metadata: { recommendationId: 'x.model' } },
]

test('the schema accepts and refuses what the validation does', () => {
  for (const event of [...ACCEPTED, ...(Reflect.get(EventSchema, 'examples') as unknown[])]) {
    assert.ok(Value.Check(NAMED, EventSchema, event), JSON.stringify(event))
    assert.ok(validateEvent(event, CONTEXT).ok, JSON.stringify(event))
  }
  for (const event of REFUSED) {
    assert.ok(!Value.Check(NAMED, EventSchema, event), JSON.stringify(event))
    assert.ok(!validateEvent(event, CONTEXT).ok, JSON.stringify(event))
  }
  for (const event of REFUSED_TOGETHER) assert.ok(!validateEvent(event, CONTEXT).ok, JSON.stringify(event))
})

test('the schema describes every field', () => {
  for (const [name, field] of Object.entries(EventSchema.properties)) {
    const described = '$ref' in field ? NAMED[String(field.$ref)]! : field
    assert.ok('description' in described && described.description, name)
  }
})
