import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import type { Metadata } from '../events/event.ts'
import { HOUR_MS, MINUTE_MS } from '../units.ts'
import { type AlertCounts, type AlertRule, alertCounts, breachingArtists } from './alert-windows.ts'

/** In the quarter of an hour from 12:00; an hour before, the quarter from 11:00 is cut at the same place. */
const NOW = Date.parse('2026-11-24T12:07:03.123Z')

const at = (sinceNow: number) => new Date(NOW + sinceNow).toISOString()

const follow = (entityId: string, sinceNow: number, more: Told = {}): Told => ({
  at: at(sinceNow),
  eventType: 'artist.followed',
  entityType: 'artist',
  entityId,
  ...more,
})
const unfollow = (entityId: string, sinceNow: number): Told =>
  follow(entityId, sinceNow, { eventType: 'artist.unfollowed' })
const play = (metadata: Metadata, sinceNow: number, more: Told = {}): Told => ({
  at: at(sinceNow),
  metadata,
  ...more,
})
const like = (metadata: Metadata, sinceNow: number): Told => play(metadata, sinceNow, { eventType: 'track.liked' })
const unlike = (metadata: Metadata, sinceNow: number): Told => play(metadata, sinceNow, { eventType: 'track.unliked' })

const rule = (thresholds: Partial<AlertCounts>, windowMs = HOUR_MS): AlertRule => ({
  windowMs,
  thresholds: { plays: 1000, likes: 1000, follows: 1000, ...thresholds },
})

/** Who breaches, with plays, likes and follows. */
async function breaching(told: readonly Told[], asked: AlertRule, except: readonly string[] = []) {
  const breaches = await answerOf(told, reads => breachingArtists(reads, asked, NOW, new Set(except)))
  return breaches.map(({ artistId, counts }) => [artistId, counts.plays, counts.likes, counts.follows])
}

describe('alert counts', () => {
  it('are those after the start of the window, up to and with now', async () => {
    const told = [follow('4', -HOUR_MS), follow('4', 1 - HOUR_MS), follow('4', 0), follow('4', 1)]
    const counts = await answerOf(told, reads => alertCounts(reads, '4', HOUR_MS, NOW))
    assert.deepEqual(counts, { plays: 0, likes: 0, follows: 2 })
  })

  it('are those of all subjects of an artist together, never below zero', async () => {
    const told = [
      play({ albumId: 'a', artistId: '4' }, -5),
      play({ albumId: 'a' }, -4),
      like({ albumId: 'a' }, -3),
      unlike({ artistId: '4' }, -2),
      unfollow('4', -1),
    ]
    const counts = await answerOf(told, reads => alertCounts(reads, '4', HOUR_MS, NOW))
    assert.deepEqual(counts, { plays: 2, likes: 0, follows: 0 })
  })

  it('are nothing for one that nobody ever heard of', async () => {
    const counts = await answerOf([], reads => alertCounts(reads, '4', HOUR_MS, NOW))
    assert.deepEqual(counts, { plays: 0, likes: 0, follows: 0 })
  })
})

describe('breaching artists', () => {
  it('reach at least one threshold, and are in the order of their ids', async () => {
    const told = [follow('10', -3), follow('9', -2), follow('9', -1), play({ artistId: '10' }, 0), follow('4', 0)]
    assert.deepEqual(await breaching(told, rule({ plays: 1, follows: 2 })), [
      ['9', 0, 0, 2],
      ['10', 1, 0, 1],
    ])
    assert.deepEqual(await breaching(told, rule({ follows: 3 })), [])
  })

  for (const windowMs of [MINUTE_MS, 7 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 26 * HOUR_MS, 90 * 24 * HOUR_MS]) {
    it(`have an event at now, and none at the start of ${windowMs} ms`, async () => {
      const inside = [follow('4', 0), follow('4', 1 - windowMs)]
      assert.deepEqual(await breaching([...inside, follow('4', -windowMs)], rule({ follows: 2 }, windowMs)), [
        ['4', 0, 0, 2],
      ])
      const oneInside = [follow('4', 0), follow('4', -windowMs), follow('4', -windowMs - 1), follow('4', 1)]
      assert.deepEqual(await breaching(oneInside, rule({ follows: 2 }, windowMs)), [])
    })
  }

  it('are no sooner for what is dated after now', async () => {
    const future = [1, 2, MINUTE_MS, HOUR_MS].map(later => follow('4', later))
    assert.deepEqual(await breaching([...future, follow('4', -1)], rule({ follows: 2 })), [])
    assert.deepEqual(await breaching([...future, follow('4', -1), follow('4', 0)], rule({ follows: 2 })), [
      ['4', 0, 0, 2],
    ])
  })

  it('count what arrives late by the time at which it happened', async () => {
    const told = [follow('4', 0), follow('4', -59 * MINUTE_MS), follow('4', -61 * MINUTE_MS)]
    assert.deepEqual(await breaching(told, rule({ follows: 2 })), [['4', 0, 0, 2]])
  })

  it('count likes net of those taken back within the window', async () => {
    const likes = [-3, -2, -1].map(sinceNow => like({ artistId: '4' }, sinceNow))
    assert.deepEqual(await breaching([...likes, unlike({ artistId: '4' }, 0)], rule({ likes: 3 })), [])
    assert.deepEqual(await breaching([...likes, unlike({ artistId: '4' }, 0)], rule({ likes: 2 })), [['4', 0, 2, 0]])
  })

  it('are not hidden by what was taken back beside the window, in the same quarters', async () => {
    const beside = [-HOUR_MS, -HOUR_MS - 1, 1, 2].flatMap(sinceNow => [
      unlike({ artistId: '4' }, sinceNow),
      unfollow('4', sinceNow),
    ])
    const inside = [1 - HOUR_MS, 0].flatMap(sinceNow => [like({ artistId: '4' }, sinceNow), follow('4', sinceNow)])
    assert.deepEqual(await breaching([...beside, ...inside], rule({ likes: 2 })), [['4', 0, 2, 2]])
    assert.deepEqual(await breaching([...beside, ...inside], rule({ follows: 2 })), [['4', 0, 2, 2]])
  })

  it('leave out those that are excepted', async () => {
    const told = [follow('4', 0), follow('5', 0)]
    assert.deepEqual(await breaching(told, rule({ follows: 1 }), ['4', '6']), [['5', 0, 0, 1]])
  })

  it('have what was counted for an album and a name that were bound later', async () => {
    const unbound = [play({ albumId: 'a' }, -4), play({ artist: 'DJ Beats' }, -3), play({ artist: 'dj beats' }, -2)]
    assert.deepEqual(await breaching(unbound, rule({ plays: 1 })), [])
    const taught = follow('4', -30 * HOUR_MS, { metadata: { artistName: 'DJ Beats' } })
    assert.deepEqual(await breaching([...unbound, taught], rule({ plays: 2 })), [['4', 2, 0, 0]])
    const album = play({ albumId: 'a', artist: 'DJ Beats' }, -30 * HOUR_MS)
    assert.deepEqual(await breaching([...unbound, taught, album], rule({ plays: 3 })), [['4', 3, 0, 0]])
  })

  it('count an event of several artists for each, and no skip', async () => {
    const told = [play({ artistIds: ['4', '5'] }, 0), play({ artistId: '4' }, 0, { skipped: true })]
    assert.deepEqual(await breaching(told, rule({ plays: 1 })), [
      ['4', 1, 0, 0],
      ['5', 1, 0, 0],
    ])
  })

  it('are, with a threshold of 0, all of whom anything was played, liked or followed in the window', async () => {
    const told = [
      unfollow('4', -1),
      like({ artistId: '5' }, -1),
      unlike({ artistId: '5' }, -1),
      follow('6', -HOUR_MS),
      follow('7', 1),
      play({ albumId: 'a' }, 0),
      play({}, 0, { eventType: 'order.paid', entityType: 'artist', entityId: '8' }),
    ]
    assert.deepEqual(await breaching(told, rule({ plays: 0 })), [
      ['4', 0, 0, 0],
      ['5', 0, 0, 0],
    ])
    assert.deepEqual(await breaching([], rule({ plays: 0, likes: 0, follows: 0 })), [])
  })
})
