import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noneSetAside } from '../../test/support/none-set-aside.ts'
import { withEvents } from '../../test/support/query-store.ts'
import type { IngestedEvent } from '../events/event.ts'
import { toLogEntry } from '../events/event.ts'
import { catchUp } from '../facts/projector.ts'
import type { Figures } from '../storage/figures.ts'
import type { Storage } from '../storage/storage.ts'
import { LiveCounts } from './live-counts.ts'

const NOW = Date.parse('2026-11-24T10:00:00Z')
const MINUTE_MS = 60_000

let lastId = 0

/** A play of track 1 of album `a1` by artist 4, `ago` milliseconds before `NOW`. */
function play(ago: number, more: Partial<IngestedEvent['event']> = {}): IngestedEvent {
  const eventId = `e${++lastId}`
  const named = { entityType: 'track', entityId: '1', userId: 'u1', metadata: { artistId: '4', albumId: 'a1' } }
  const event = { eventId, eventType: 'track.played' as const, timestamp: NOW - ago, ...named, ...more }
  return { event, decision: {} }
}

async function arrive(storage: Storage, figures: Figures, ...events: IngestedEvent[]): Promise<void> {
  await storage.append(events.map(toLogEntry))
  await catchUp(storage, figures, noneSetAside)
}

test('the first time counts nothing that has come in, and the plays of the last five minutes', async () => {
  await withEvents([play(0), play(1, { userId: 'u2' }), play(-1)], 1, async figures => {
    const { since, platform } = await figures.ask(reads => new LiveCounts().next(reads, [], NOW))
    const { tracks, ...counts } = platform
    assert.deepEqual([since, counts], [null, { events: 0, plays: 0, listeners: 2 }])
    assert.deepEqual(
      tracks.map(({ id, albumId, trackId, plays }) => ({ id, albumId, trackId, plays })),
      [{ id: 'a1_1', albumId: 'a1', trackId: '1', plays: 2 }],
    )
  })
})

test('a play is in the window for five minutes to the millisecond, also one that arrived early or late', async () => {
  await withEvents([play(0), play(-1)], 1, async (figures, storage) => {
    const live = new LiveCounts()
    const playsAt = async (at: number) => {
      const { platform } = await figures.ask(reads => live.next(reads, [], at))
      return platform.tracks[0]?.plays ?? 0
    }
    assert.equal(await playsAt(NOW - 1), 0)
    assert.equal(await playsAt(NOW), 1)
    assert.equal(await playsAt(NOW + 1), 2)
    await arrive(storage, figures, play(4 * MINUTE_MS), play(4 * MINUTE_MS - 1))
    assert.equal(await playsAt(NOW + MINUTE_MS), 3)
    assert.equal(await playsAt(NOW + 5 * MINUTE_MS - 1), 2)
    assert.equal(await playsAt(NOW + 5 * MINUTE_MS), 1)
    assert.equal(await playsAt(NOW + 5 * MINUTE_MS + 1), 0)
  })
})

test('an artist whom somebody begins to watch has the plays of before, and nothing that has come in is missed', async () => {
  await withEvents([play(0), play(0, { metadata: { artistId: '9' } })], 1, async (figures, storage) => {
    const live = new LiveCounts()
    const next = (...artistIds: string[]) => figures.ask(reads => live.next(reads, artistIds, NOW))
    await next('9')
    await arrive(storage, figures, play(10), play(10, { eventType: 'track.liked' }))
    const { platform, artists } = await next('4', '9', 'nobody')
    const shown = [platform, ...artists].map(({ tracks, ...counts }) => ({ ...counts, tracks: tracks[0]?.plays }))
    assert.deepEqual(shown, [
      { events: 2, plays: 1, listeners: 1, tracks: 2 },
      { events: 2, plays: 1, listeners: 1, tracks: 2 },
      { events: 0, plays: 0, listeners: 1, tracks: undefined },
      { events: 0, plays: 0, listeners: 0, tracks: undefined },
    ])
  })
})

test('plays of an album move to the artist whom later events name with it', async () => {
  const unnamed = { metadata: { albumId: 'a1' } }
  await withEvents([play(0, unnamed), play(0, { ...unnamed, userId: 'u2' })], 1, async (figures, storage) => {
    const live = new LiveCounts()
    const next = () => figures.ask(reads => live.next(reads, ['4'], NOW))
    assert.equal((await next()).artists[0]!.listeners, 0)
    await arrive(storage, figures, play(0, { userId: 'u3' }))
    const [artist] = (await next()).artists
    assert.deepEqual([artist!.events, artist!.plays, artist!.listeners, artist!.tracks[0]?.plays], [1, 1, 3, 3])
  })
})

test('figures that are begun anew have other numbers, and no event is counted twice or missed', async () => {
  const live = new LiveCounts()
  const events = [play(0, { userId: 'u9', entityId: '9' }), play(0), play(0, { userId: 'u2' })]
  await withEvents(events.slice(0, 2), 1, async figures => {
    await figures.ask(reads => live.next(reads, ['4'], NOW))
  })
  const other = play(0, { metadata: { artist: 'Somebody else', albumId: 'a0' } })
  await withEvents([other, ...events.slice(1)], 1, async figures => {
    const { since, platform, artists } = await figures.ask(reads => live.next(reads, ['4'], NOW + 1))
    assert.equal(since, NOW)
    assert.deepEqual([platform.events, platform.plays, platform.listeners], [1, 1, 2])
    assert.deepEqual([artists[0]!.events, artists[0]!.listeners], [1, 2])
    assert.deepEqual(
      platform.tracks.map(({ id, plays }) => [id, plays]),
      [
        ['a1_1', 2],
        ['a0_1', 1],
      ],
    )
  })
})

test('where the log has lost entries, counting begins anew', async () => {
  const live = new LiveCounts()
  await withEvents([play(0), play(0)], 1, async figures => {
    await figures.ask(reads => live.next(reads, [], NOW))
  })
  await withEvents([play(0)], 1, async figures => {
    const { since, platform } = await figures.ask(reads => live.next(reads, [], NOW))
    assert.deepEqual([since, platform.events, platform.listeners], [null, 0, 1])
  })
})
