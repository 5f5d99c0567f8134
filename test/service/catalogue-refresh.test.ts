/** The catalogue refresh with the real store, the real client and the stand-in catalogue. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type ContentService, startContentService } from '../../dev/content-service/server.ts'
import { ownersOf } from '../../src/attribution/attribution.ts'
import { CatalogueClient } from '../../src/catalogue/catalogue-client.ts'
import { readRecord } from '../../src/catalogue/catalogue-record.ts'
import { CatalogueRefresh } from '../../src/catalogue/catalogue-refresh.ts'
import { RecordStore } from '../../src/catalogue/record-store.ts'
import { monotonicClock } from '../../src/concurrency/clock.ts'
import type { IngestedEvent } from '../../src/events/event.ts'
import { catchUp } from '../../src/facts/projector.ts'
import { foldText } from '../../src/identity/fold-text.ts'
import { refreshCandidates } from '../../src/statistics/refresh-candidates.ts'
import { unlistedArtists, unlistedOf } from '../../src/statistics/unlisted-artists.ts'
import { CATALOGUE_RECORDS } from '../../src/storage/collections.ts'
import type { Figures, Snapshot } from '../../src/storage/figures.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { until } from '../support/http.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { withEvents } from '../support/query-store.ts'
import { ref } from '../support/ref.ts'

const HOUR_MS = 3_600_000

interface World {
  content: ContentService
  storage: Storage
  figures: Figures
  /** `now` stands still until a test sets it; the wall clock is `ahead` of it. */
  clock: { now: number; ahead: number }
  /** How many searches for albums and artists the refresh has completed. */
  searches: number
}

/** Plays of the first albums of the catalogue: the first one most often. */
async function withPlays(t: TestContext, albums: number, work: (world: World) => Promise<void>): Promise<void> {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  const ids = content.catalogue.albums.slice(0, albums).map(({ id }) => id)
  const events = ids.flatMap((albumId, i) =>
    Array.from({ length: albums - i }, (_, n): IngestedEvent => {
      const metadata = { albumId, artist: 'Somebody' }
      const play = { eventType: 'track.played' as const, entityType: 'track', entityId: '1', timestamp: 0, metadata }
      return { event: { ...play, eventId: `${albumId}-${n}` }, decision: { currency: 'EUR' } }
    }),
  )
  await withEvents(events, 1, (figures, storage) =>
    work({ content, storage, figures, clock: { now: Date.now(), ahead: 0 }, searches: 0 }),
  )
}

/** Asks the figures, once they contain all events and records. */
async function ask<T>({ storage, figures }: World, question: (reads: Snapshot) => Promise<T>): Promise<T> {
  await catchUp(storage, figures, noneSetAside)
  return figures.ask(question)
}

/** The owner of an attribution key. */
function ownerOf(world: World, key: string): Promise<string | undefined> {
  return ask(world, async reads => {
    const id = [...reads.idsOf([ref(key)]).values()][0]!
    const owner = (await ownersOf(reads, [id])).get(id)!
    return (await reads.entitiesOf([owner])).get(owner)
  })
}

/** Runs the refresh until `done`. */
async function refreshUntil(
  world: World,
  done: (refresh: CatalogueRefresh) => Promise<boolean>,
  { callsPerMinute = 600_000, isOurTurn = (): boolean => true } = {},
) {
  const { content, storage, clock } = world
  const now = () => clock.now + clock.ahead
  // Runs as time does, and jumps where the test sets the clock.
  const begun = { test: clock.now, real: performance.now() }
  const monotonic = {
    now: () => performance.now() - begun.real + clock.now - begun.test,
    // In short pieces, so that a jump ends it.
    sleep: (ms: number, signal: AbortSignal) => monotonicClock.sleep(Math.min(ms, 20), signal),
  }
  const client = new CatalogueClient({ url: content.url, clock: now, monotonic: monotonic.now })
  const refresh = new CatalogueRefresh({
    client,
    records: new RecordStore(storage.documents, now),
    questions: {
      refreshCandidates: (limit, fresh) => ask(world, reads => refreshCandidates(reads, limit, fresh)),
      // The last question of a search.
      unlistedArtists: limit => ask(world, reads => unlistedArtists(reads, limit)).finally(() => world.searches++),
      unlistedOf: ids => ask(world, reads => unlistedOf(reads, ids)),
    },
    isOurTurn,
    refreshMs: HOUR_MS,
    callsPerMinute,
    clock: now,
    monotonic,
  })
  refresh.start()
  try {
    await until(() => done(refresh))
  } finally {
    await refresh.close()
  }
}

const requestedAlbums = ({ content }: World) =>
  content.requests.filter(({ path }) => path.startsWith('/api/albums/')).map(({ path }) => path.slice(12))

const lists = ({ content }: World) => content.requests.filter(({ path }) => path === '/api/artists').length

/** Resolves when the refresh, which is woken, has completed two searches: the second one began after this call. */
async function twoSearches(world: World, refresh: CatalogueRefresh): Promise<void> {
  for (let search = 0; search < 2; search++) {
    const { searches } = world
    refresh.onEventsCounted()
    await until(() => world.searches > searches)
  }
}

/** Long enough for a call, if there were one to make. */
const aWhile = () => new Promise(resolve => setTimeout(resolve, 300))

const recordOf = async ({ storage }: World, entity: string) => {
  const document = await storage.documents.get(CATALOGUE_RECORDS, entity)
  return document && readRecord(document.value)
}

test('the catalogue refresh asks for the most active album first, at its rate, and for each album once', async t => {
  await withPlays(t, 5, async world => {
    await refreshUntil(world, async () => requestedAlbums(world).length === 5, { callsPerMinute: 600 })
    const ids = world.content.catalogue.albums.slice(0, 5).map(({ id }) => id)
    assert.deepEqual(requestedAlbums(world), ids)
    const times = world.content.requests.map(({ at }) => at)
    // Six requests, 100 ms apart; when they arrive is not quite as regular.
    const took = times.at(-1)! - times[0]!
    assert.ok(took >= 450, `${times.length} requests in ${took} ms`)
    assert.equal(world.content.requests.filter(({ path }) => path === '/api/artists').length, 1)
  })
})

test('the catalogue refresh assigns albums to artists at once, and repeats no call after a restart', async t => {
  await withPlays(t, 3, async world => {
    const [album] = world.content.catalogue.albums
    const bound = async () => (await recordOf(world, `album:${world.content.catalogue.albums[2]!.id}`)) !== null
    await refreshUntil(world, bound)
    assert.equal(await ownerOf(world, `album:${album!.id}`), `artist:${album!.artistId}`)
    world.content.requests.length = 0
    const end = Date.now() + 300
    await refreshUntil(world, async () => Date.now() > end)
    assert.equal(world.content.requests.length, 0)
  })
})

test('the catalogue refresh asks again when a record is old, and keeps what was known of an album that is gone', async t => {
  await withPlays(t, 1, async world => {
    const { id, artistId } = world.content.catalogue.albums[0]!
    await refreshUntil(world, async () => (await recordOf(world, `album:${id}`)) !== null)
    world.clock.now += HOUR_MS + 1
    world.content.setCatalogue({ ...world.content.catalogue, albums: [] })
    const isGone = async () => {
      const record = await recordOf(world, `album:${id}`)
      return record?.kind === 'album' && record.missing && record.at === world.clock.now
    }
    await refreshUntil(world, isGone)
    const record = await recordOf(world, `album:${id}`)
    assert.equal(record?.kind === 'album' && record.artistId, String(artistId))
  })
})

test('the catalogue refresh asks again for a record that a clock a day ahead has dated, and reads the list of artists when it is due', async t => {
  await withPlays(t, 1, async world => {
    const { clock } = world
    const entity = `album:${world.content.catalogue.albums[0]!.id}`
    clock.ahead = 24 * HOUR_MS
    await refreshUntil(world, async () => (await recordOf(world, entity)) !== null)
    clock.ahead = 0
    await refreshUntil(world, async () => (await recordOf(world, entity))?.at === clock.now)
    assert.equal(lists(world), 1)
    await refreshUntil(world, async refresh => {
      await twoSearches(world, refresh)
      assert.equal(lists(world), 1)
      clock.now += HOUR_MS
      refresh.onEventsCounted()
      await until(async () => lists(world) === 2)
      return true
    })
  })
})

test('the catalogue refresh takes the name from an artist that is no longer listed, and assigns a name of two artists to neither', async t => {
  await withPlays(t, 1, async world => {
    const { artists } = world.content.catalogue
    const [one, two] = artists.filter(({ name }) => artists.filter(other => other.name === name).length === 2)
    const name = `name:${foldText(one!.name)}`
    const owner = () => ownerOf(world, name)
    await refreshUntil(world, async () => (await recordOf(world, `artist:${two!.id}`)) !== null)
    assert.equal(await owner(), name)
    world.clock.now += HOUR_MS + 1
    world.content.setCatalogue({ ...world.content.catalogue, artists: artists.filter(({ id }) => id !== two!.id) })
    await refreshUntil(world, async () => (await owner()) === `artist:${one!.id}`)
    world.clock.now += HOUR_MS + 1
    world.content.setFault({ kind: 'emptyList', path: '/api/artists' })
    world.content.requests.length = 0
    await refreshUntil(world, async () => world.content.requests.length >= 2)
    assert.equal(await owner(), `artist:${one!.id}`)
  })
})

test('the catalogue refresh reads the list of artists again for a requested artist without a record, at most once a minute', async t => {
  await withPlays(t, 1, async world => {
    const { artists } = world.content.catalogue
    const [first, second] = artists.splice(0, 2)
    const isListed = async ({ _id }: { _id: string }) => (await recordOf(world, `artist:${_id}`)) !== null
    await refreshUntil(world, () => isListed(artists[0]!))
    artists.push(first!)
    await refreshUntil(world, async refresh => {
      refresh.onArtistRequested('Ana')
      refresh.onArtistRequested(first!._id)
      await until(() => isListed(first!))
      assert.equal(lists(world), 2)
      // The list was read completely once the refresh searches again.
      await twoSearches(world, refresh)
      artists.push(second!)
      refresh.onArtistRequested(second!._id)
      await aWhile()
      assert.equal(lists(world), 2)
      world.clock.now += 60_001
      await until(() => isListed(second!))
      return true
    })
    assert.equal(lists(world), 3)
  })
})

test('the catalogue refresh does not read the list for artists with a record, nor soon again for those that it did not have', async t => {
  await withPlays(t, 1, async world => {
    const [artist] = world.content.catalogue.artists
    await refreshUntil(world, async () => (await recordOf(world, `artist:${artist!._id}`)) !== null)
    await refreshUntil(world, async refresh => {
      refresh.onArtistRequested('f'.repeat(24))
      await until(async () => lists(world) === 2)
      for (let minute = 0; minute < 5; minute++) {
        world.clock.now += 60_001
        for (const id of ['f'.repeat(24), artist!._id]) refresh.onArtistRequested(id)
        await aWhile()
      }
      return true
    })
    assert.equal(lists(world), 2)
  })
})

test('the catalogue refresh reads the list when events name an artist without a record', async t => {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  const { artists } = content.catalogue
  const late = artists.pop()!
  const follow = { eventType: 'artist.followed' as const, entityType: 'artist', entityId: late._id, timestamp: 0 }
  const events = [{ event: { ...follow, eventId: 'f' }, decision: { currency: 'EUR' } }]
  await withEvents(events, 1, async (figures, storage) => {
    const world = { content, storage, figures, clock: { now: Date.now(), ahead: 0 }, searches: 0 }
    await refreshUntil(world, async () => (await recordOf(world, `artist:${artists[0]!._id}`)) !== null)
    artists.push(late)
    await refreshUntil(world, async () => (await recordOf(world, `artist:${late._id}`)) !== null)
  })
})

test('the catalogue refresh reads the list for a requested artist even where another instance has its turn', async t => {
  await withPlays(t, 1, async world => {
    const [artist] = world.content.catalogue.artists
    const isListed = async (refresh: CatalogueRefresh) => {
      refresh.onArtistRequested(artist!._id)
      return (await recordOf(world, `artist:${artist!._id}`)) !== null
    }
    await refreshUntil(world, isListed, { isOurTurn: () => false })
    assert.deepEqual(requestedAlbums(world), [])
  })
})

test('the catalogue refresh goes on with the other albums after an unusable answer', async t => {
  await withPlays(t, 3, async world => {
    const [first, , third] = world.content.catalogue.albums
    world.content.setFault({ kind: 'garbage', path: `/api/albums/${first!.id}` })
    await refreshUntil(world, async () => (await recordOf(world, `album:${third!.id}`)) !== null)
    assert.equal(await recordOf(world, `album:${first!.id}`), null)
  })
})

test('the catalogue refresh goes on with the other albums after very many unusable answers', async t => {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  const last = content.catalogue.albums.find(({ id }) => id.startsWith('f'))!
  const ids = [...Array.from({ length: 230 }, (_, i) => String(i).padStart(24, '0')), last.id]
  const events = ids.map((albumId): IngestedEvent => {
    const play = { eventType: 'track.played' as const, entityType: 'track', entityId: '1', timestamp: 0 }
    return { event: { ...play, eventId: albumId, metadata: { albumId } }, decision: { currency: 'EUR' } }
  })
  content.setFault({ kind: 'garbage', path: '/api/albums' })
  content.setFault({ kind: 'delay', ms: 0, path: `/api/albums/${last.id}` })
  await withEvents(events, 1, async (figures, storage) => {
    const world = { content, storage, figures, clock: { now: Date.now(), ahead: 0 }, searches: 0 }
    await refreshUntil(world, async () => (await recordOf(world, `album:${last.id}`)) !== null)
  })
})

test('the catalogue refresh waits as long as a 429 says, and goes on', async t => {
  await withPlays(t, 2, async world => {
    const [, second] = world.content.catalogue.albums
    world.content.setFault({ kind: 'status', status: 429, headers: { 'retry-after': '2' }, times: 1 })
    await refreshUntil(world, async () => (await recordOf(world, `album:${second!.id}`)) !== null)
    const [refused, next] = world.content.requests.map(({ at }) => at)
    assert.ok(next! - refused! >= 1990, `asked again after ${next! - refused!} ms`)
  })
})
