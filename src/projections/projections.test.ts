/** Each projection by itself: given events, then these cells. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { creditEvent } from '../events/credits.ts'
import type { Ruling, StatsEvent } from '../events/event.ts'
import { entityCounts } from './entity-counts.ts'
import { listenerTaste } from './listener-taste.ts'
import type { Projection } from './projection.ts'
import { subjectKpis } from './subject-kpis.ts'
import { subjectListeners } from './subject-listeners.ts'
import { taughtBindings } from './taught-bindings.ts'

const AT = Date.UTC(2026, 10, 24, 10)
const ALBUM = '665f1c2e8b3e4a0012ab34cd'

type Given = Partial<StatsEvent> & { ruling?: Ruling }

const PLAY: Given = {
  eventType: 'track.played',
  entityType: 'track',
  entityId: '1',
  userId: 'u1',
  metadata: { albumId: ALBUM, artist: 'DJ Beats' },
}
const LIKE: Given = { eventType: 'track.liked', entityType: 'track', entityId: `${ALBUM}_1`, userId: 'u1' }
const FOLLOW: Given = {
  eventType: 'artist.followed',
  entityType: 'artist',
  entityId: '4',
  userId: 'u1',
  metadata: { artistName: 'DJ Beats' },
}

/** `given(projection, ...events).gives(cells)`: the cells that the changes of all events come to. */
function given(projection: Projection, ...events: readonly Given[]) {
  const cells: Record<string, number> = {}
  for (const { ruling = {}, ...event } of events) {
    const whole = { eventId: 'e1', eventType: 'track.played', timestamp: AT, entityId: '1', ...event } as StatsEvent
    for (const change of projection.fold(creditEvent({ event: whole, ruling }))) {
      const cell = `${change.table} ${change.key} ${change.field}`
      if (change.op === 'increment') cells[cell] = (cells[cell] ?? 0) + change.by
      else cells[cell] = change.op === 'add' ? 1 : Math.max(cells[cell] ?? change.at, change.at)
    }
  }
  const kept = Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== 0))
  return { gives: (expected: Record<string, number>) => assert.deepEqual(kept, expected) }
}

describe('subject KPIs', () => {
  it('count a play for its album', () => {
    given(subjectKpis, PLAY, PLAY).gives({
      [`subject_kpis album:${ALBUM} plays`]: 2,
      [`subject_kpis album:${ALBUM} last`]: AT,
    })
  })

  it('keep the latest instant, whatever the order', () => {
    given(subjectKpis, { ...FOLLOW, timestamp: AT + 5 }, FOLLOW).gives({
      'subject_kpis artist:4 follows': 2,
      'subject_kpis artist:4 last': AT + 5,
    })
  })

  it('take an unlike back, and count it', () => {
    given(subjectKpis, LIKE, { ...LIKE, eventType: 'track.unliked' }).gives({
      [`subject_kpis album:${ALBUM} unlikes`]: 1,
      [`subject_kpis album:${ALBUM} last`]: AT,
    })
  })

  it('take an unfollow back, and count it', () => {
    const unfollow: Given = { ...FOLLOW, eventType: 'artist.unfollowed' }
    given(subjectKpis, FOLLOW, unfollow, unfollow).gives({
      'subject_kpis artist:4 follows': -1,
      'subject_kpis artist:4 unfollows': 2,
      'subject_kpis artist:4 last': AT,
    })
  })

  it('give each line of an order its revenue, by currency', () => {
    const items = [
      { artistId: '4', price: '9.99', quantity: 2 },
      { albumId: ALBUM, price: '500', currency: 'JPY' },
    ]
    const order: Given = {
      eventType: 'order.paid',
      entityType: 'order',
      metadata: { items },
      ruling: { currency: 'EUR' },
    }
    given(subjectKpis, order).gives({
      'subject_kpis artist:4 purchases': 1,
      'subject_kpis artist:4 revenue.EUR': 1998,
      'subject_kpis artist:4 last': AT,
      [`subject_kpis album:${ALBUM} purchases`]: 1,
      [`subject_kpis album:${ALBUM} revenue.JPY`]: 500,
      [`subject_kpis album:${ALBUM} last`]: AT,
    })
  })

  it('keep what names nobody apart', () => {
    const order: Given = {
      eventType: 'order.paid',
      entityType: 'order',
      metadata: { price: '5' },
      ruling: { currency: 'EUR' },
    }
    given(subjectKpis, order).gives({
      'subject_kpis none purchases': 1,
      'subject_kpis none revenue.EUR': 500,
      'subject_kpis none last': AT,
    })
  })

  it('lose revenue alone by a partial refund', () => {
    const order: Given = { entityType: 'order', metadata: { artistId: '4', price: '10', currency: 'EUR' } }
    const back = { artistId: '4', price: '3', currency: 'EUR', partial: true }
    const partly: Given = { ...order, eventType: 'order.refunded', timestamp: AT + 5, metadata: back }
    given(subjectKpis, { ...order, eventType: 'order.paid' }, partly).gives({
      'subject_kpis artist:4 purchases': 1,
      'subject_kpis artist:4 revenue.EUR': 700,
      'subject_kpis artist:4 last': AT + 5,
    })
  })

  it('do not count a skip', () => {
    given(subjectKpis, { ...PLAY, ruling: { skipped: true } }).gives({})
  })
})

describe('subject listeners', () => {
  it('are those of counted plays, each once', () => {
    given(
      subjectListeners,
      PLAY,
      PLAY,
      { ...PLAY, userId: 'u2' },
      { ...PLAY, userId: 'u3', ruling: { skipped: true } },
    ).gives({
      [`subject_listeners album:${ALBUM} u1`]: 1,
      [`subject_listeners album:${ALBUM} u2`]: 1,
    })
  })

  it('are nobody who is anonymous, and nobody who only likes', () => {
    given(subjectListeners, { ...PLAY, anonymous: true }, { ...PLAY, userId: 'undefined' }, LIKE, FOLLOW).gives({})
  })
})

describe('entity counts', () => {
  it('count a play for its track and its album', () => {
    given(entityCounts, PLAY).gives({
      [`track_plays track:${ALBUM}_1 plays`]: 1,
      [`track_plays track:${ALBUM}_1 last`]: AT,
      [`album_plays album:${ALBUM} plays`]: 1,
      [`album_plays album:${ALBUM} last`]: AT,
    })
  })

  it('count follows net of those taken back', () => {
    given(entityCounts, FOLLOW, FOLLOW, { ...FOLLOW, eventType: 'artist.unfollowed' }).gives({
      'subject_follows artist:4 follows': 1,
      'subject_follows artist:4 last': AT,
    })
  })

  it('count no track for a bare number without an album, and nothing for a like', () => {
    given(entityCounts, { ...PLAY, metadata: { artist: 'DJ Beats' } }, LIKE).gives({})
  })
})

describe('listener taste', () => {
  it('brings plays and likes of one track under one key', () => {
    given(listenerTaste, PLAY, PLAY, LIKE).gives({
      [`listener_plays u1 track:${ALBUM}_1`]: 2,
      [`listener_likes u1 track:${ALBUM}_1`]: 1,
    })
  })

  it('knows whom a listener follows and what was bought', () => {
    const order: Given = {
      eventType: 'order.paid',
      userId: 'u1',
      metadata: { items: [{ artistId: '4' }, { albumId: ALBUM }] },
    }
    given(listenerTaste, FOLLOW, order).gives({
      'listener_follows u1 artist:4': 1,
      'listener_purchases u1 artist:4': 1,
      [`listener_purchases u1 album:${ALBUM}`]: 1,
    })
  })

  it('keeps what a partial refund leaves with the listener', () => {
    const order = (eventType: 'order.paid' | 'order.refunded', partial: boolean): Given => ({
      eventType,
      userId: 'u1',
      metadata: { items: [{ albumId: ALBUM, partial }, { artistId: '4' }] },
    })
    given(listenerTaste, order('order.paid', false), order('order.refunded', true)).gives({
      [`listener_purchases u1 album:${ALBUM}`]: 1,
    })
  })

  it('knows nothing of the anonymous', () => {
    const { userId: _userId, ...byNobody } = PLAY
    given(listenerTaste, { ...PLAY, anonymous: true }, { ...PLAY, userId: 'Anonymous' }, byNobody).gives({})
  })
})

describe('taught bindings', () => {
  it('learn album, name and track from a play, in both directions', () => {
    given(taughtBindings, PLAY).gives({
      [`taught album:${ALBUM} name:dj beats`]: 1,
      [`taught_by name:dj beats album:${ALBUM}`]: 1,
      'taught name:dj beats label:DJ Beats': 1,
      [`taught track:${ALBUM}_1 album:${ALBUM}`]: 1,
      [`taught_by album:${ALBUM} track:${ALBUM}_1`]: 1,
    })
  })

  it('learn whose a name is from a follow, and from its opposite too', () => {
    given(taughtBindings, FOLLOW, { ...FOLLOW, eventType: 'artist.unfollowed' }).gives({
      'taught name:dj beats artist:4': 2,
      'taught_by artist:4 name:dj beats': 2,
      'taught name:dj beats label:DJ Beats': 2,
      'taught artist:4 label:DJ Beats': 2,
    })
  })

  it('learn from a skip', () => {
    const skip: Given = { ...PLAY, metadata: { albumId: ALBUM, genre: ' Rock' }, ruling: { skipped: true } }
    given(taughtBindings, skip).gives({
      [`taught album:${ALBUM} genre:rock`]: 1,
      [`taught_by genre:rock album:${ALBUM}`]: 1,
      [`taught track:${ALBUM}_1 album:${ALBUM}`]: 1,
      [`taught_by album:${ALBUM} track:${ALBUM}_1`]: 1,
      [`taught track:${ALBUM}_1 genre:rock`]: 1,
      [`taught_by genre:rock track:${ALBUM}_1`]: 1,
    })
  })

  it('learn nothing from an event of several artists', () => {
    given(taughtBindings, { ...FOLLOW, entityType: 'track', entityId: '1', metadata: { artistIds: ['4', '5'] } }).gives(
      {},
    )
  })
})
