/** The look-ups in the background, with the real store, the real client and the stand-in catalogue. */

import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type ContentService, startContentService } from '../../dev/content-service/server.ts'
import { ownersOf } from '../../src/attribution/attribution.ts'
import { CatalogueClient } from '../../src/catalogue/catalogue-client.ts'
import { readRecord } from '../../src/catalogue/catalogue-record.ts'
import { LookUps } from '../../src/catalogue/look-ups.ts'
import { RecordStore } from '../../src/catalogue/record-store.ts'
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
  /** `now` passes as time does; the clock on the wall is `ahead` of it. */
  clock: { now: number; ahead: number }
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
    work({ content, storage, figures, clock: { now: Date.now(), ahead: 0 } }),
  )
}

/** Asks the figures, in which there is all that was learned so far. */
async function ask<T>({ storage, figures }: World, question: (reads: Snapshot) => Promise<T>): Promise<T> {
  await catchUp(storage, figures, noneSetAside)
  return figures.ask(question)
}

/** Whom a key belongs to. */
function ownerOf(world: World, key: string): Promise<string | undefined> {
  return ask(world, async reads => {
    const id = [...reads.idsOf([ref(key)]).values()][0]!
    const owner = (await ownersOf(reads, [id])).get(id)!
    return (await reads.entitiesOf([owner])).get(owner)
  })
}

/** Look-ups that run until `done`, or as long as the world. */
async function lookUp(
  world: World,
  done: (lookUps: LookUps) => Promise<boolean>,
  { perMinute = 600_000, isOurTurn = (): boolean => true } = {},
) {
  const { content, storage, clock } = world
  const now = () => clock.now + clock.ahead
  const monotonic = () => clock.now
  const client = new CatalogueClient({
    url: content.url,
    clock: now,
    monotonic,
  })
  const lookUps = new LookUps({
    client,
    records: new RecordStore(storage.documents, now),
    candidates: (limit, fresh) => ask(world, reads => refreshCandidates(reads, limit, fresh)),
    unlisted: {
      counted: limit => ask(world, reads => unlistedArtists(reads, limit)),
      among: ids => ask(world, reads => unlistedOf(reads, ids)),
    },
    isOurTurn,
    refreshMs: HOUR_MS,
    perMinute,
    clock: now,
    monotonic,
  })
  lookUps.start()
  try {
    await until(() => done(lookUps), 10_000)
  } finally {
    await lookUps.close()
  }
}

const askedAlbums = ({ content }: World) =>
  content.requests.filter(({ path }) => path.startsWith('/api/albums/')).map(({ path }) => path.slice(12))

const lists = ({ content }: World) => content.requests.filter(({ path }) => path === '/api/artists').length

/** Long enough for a look-up, if there were one to make. */
const turns = () => new Promise(resolve => setTimeout(resolve, 300))

const recordOf = async ({ storage }: World, thing: string) => {
  const document = await storage.documents.get(CATALOGUE_RECORDS, thing)
  return document && readRecord(document.value)
}

describe('look-ups', () => {
  it('ask about the most active album first, at the pace, once', async t => {
    await withPlays(t, 5, async world => {
      await lookUp(world, async () => askedAlbums(world).length === 5, { perMinute: 600 })
      const ids = world.content.catalogue.albums.slice(0, 5).map(({ id }) => id)
      assert.deepEqual(askedAlbums(world), ids)
      const times = world.content.requests.map(({ at }) => at)
      // Six requests, 100 ms apart; when they arrive is not quite as regular.
      const took = times.at(-1)! - times[0]!
      assert.ok(took >= 450, `${times.length} requests in ${took} ms`)
      assert.equal(world.content.requests.filter(({ path }) => path === '/api/artists').length, 1)
    })
  })

  it('bind at once, and ask nothing again after a restart', async t => {
    await withPlays(t, 3, async world => {
      const [album] = world.content.catalogue.albums
      const bound = async () => (await recordOf(world, `album:${world.content.catalogue.albums[2]!.id}`)) !== null
      await lookUp(world, bound)
      assert.equal(await ownerOf(world, `album:${album!.id}`), `artist:${album!.artistId}`)
      world.content.requests.length = 0
      const end = Date.now() + 300
      await lookUp(world, async () => Date.now() > end)
      assert.equal(world.content.requests.length, 0)
    })
  })

  it('ask again when an answer has become old, and keep what an album was that is gone', async t => {
    await withPlays(t, 1, async world => {
      const { id, artistId } = world.content.catalogue.albums[0]!
      await lookUp(world, async () => (await recordOf(world, `album:${id}`)) !== null)
      world.clock.now += HOUR_MS + 1
      world.content.setCatalogue({ ...world.content.catalogue, albums: [] })
      const isGone = async () => {
        const fact = await recordOf(world, `album:${id}`)
        return fact?.kind === 'album' && fact.missing && fact.at === world.clock.now
      }
      await lookUp(world, isGone)
      const fact = await recordOf(world, `album:${id}`)
      assert.equal(fact?.kind === 'album' && fact.artistId, String(artistId))
    })
  })

  it('ask again what was answered by a clock that was a day ahead, and read the list when its time has passed', async t => {
    await withPlays(t, 1, async world => {
      const { clock } = world
      const thing = `album:${world.content.catalogue.albums[0]!.id}`
      clock.ahead = 24 * HOUR_MS
      await lookUp(world, async () => (await recordOf(world, thing)) !== null)
      clock.ahead = 0
      await lookUp(world, async () => (await recordOf(world, thing))?.at === clock.now)
      assert.equal(lists(world), 1)
      await lookUp(world, async lookUps => {
        await turns()
        assert.equal(lists(world), 1)
        clock.now += HOUR_MS
        lookUps.ingested()
        await until(async () => lists(world) === 2)
        return true
      })
    })
  })

  it('take a name from an artist who is no longer listed, and give none to two', async t => {
    await withPlays(t, 1, async world => {
      const { artists } = world.content.catalogue
      const [one, two] = artists.filter(({ name }) => artists.filter(other => other.name === name).length === 2)
      const name = `name:${foldText(one!.name)}`
      const owner = () => ownerOf(world, name)
      await lookUp(world, async () => (await recordOf(world, `artist:${two!.id}`)) !== null)
      assert.equal(await owner(), name)
      world.clock.now += HOUR_MS + 1
      world.content.setCatalogue({ ...world.content.catalogue, artists: artists.filter(({ id }) => id !== two!.id) })
      await lookUp(world, async () => (await owner()) === `artist:${one!.id}`)
      world.clock.now += HOUR_MS + 1
      world.content.setFault({ kind: 'emptyList', path: '/api/artists' })
      world.content.requests.length = 0
      await lookUp(world, async () => world.content.requests.length >= 2)
      assert.equal(await owner(), `artist:${one!.id}`)
    })
  })

  it('read the list of artists again for one whom it does not have, at most once a minute', async t => {
    await withPlays(t, 1, async world => {
      const { artists } = world.content.catalogue
      const [first, second] = artists.splice(0, 2)
      const isListed = async ({ _id }: { _id: string }) => (await recordOf(world, `artist:${_id}`)) !== null
      await lookUp(world, () => isListed(artists[0]!))
      artists.push(first!)
      await lookUp(world, async lookUps => {
        lookUps.asked('Ana')
        lookUps.asked(first!._id)
        await until(() => isListed(first!))
        assert.equal(lists(world), 2)
        artists.push(second!)
        lookUps.asked(second!._id)
        await turns()
        assert.equal(lists(world), 2)
        world.clock.now += 60_001
        await until(() => isListed(second!))
        return true
      })
      assert.equal(lists(world), 3)
    })
  })

  it('read no list for artists whom it has, nor soon again for those whom it did not have', async t => {
    await withPlays(t, 1, async world => {
      const [artist] = world.content.catalogue.artists
      await lookUp(world, async () => (await recordOf(world, `artist:${artist!._id}`)) !== null)
      await lookUp(world, async lookUps => {
        lookUps.asked('f'.repeat(24))
        await until(async () => lists(world) === 2)
        for (let minute = 0; minute < 5; minute++) {
          world.clock.now += 60_001
          for (const id of ['f'.repeat(24), artist!._id]) lookUps.asked(id)
          await turns()
        }
        return true
      })
      assert.equal(lists(world), 2)
    })
  })

  it('read the list where events name an artist whom it does not have', async t => {
    const content = await startContentService({ requestsPerMinute: null })
    t.after(() => content.close())
    const { artists } = content.catalogue
    const late = artists.pop()!
    const follow = { eventType: 'artist.followed' as const, entityType: 'artist', entityId: late._id, timestamp: 0 }
    const events = [{ event: { ...follow, eventId: 'f' }, decision: { currency: 'EUR' } }]
    await withEvents(events, 1, async (figures, storage) => {
      const world = { content, storage, figures, clock: { now: Date.now(), ahead: 0 } }
      await lookUp(world, async () => (await recordOf(world, `artist:${artists[0]!._id}`)) !== null)
      artists.push(late)
      await lookUp(world, async () => (await recordOf(world, `artist:${late._id}`)) !== null)
    })
  })

  it('read the list where it is asked for, though it is the turn of another instance', async t => {
    await withPlays(t, 1, async world => {
      const [artist] = world.content.catalogue.artists
      const isListed = async (lookUps: LookUps) => {
        lookUps.asked(artist!._id)
        return (await recordOf(world, `artist:${artist!._id}`)) !== null
      }
      await lookUp(world, isListed, { isOurTurn: () => false })
      assert.deepEqual(askedAlbums(world), [])
    })
  })

  it('set nonsense aside and go on with the others', async t => {
    await withPlays(t, 3, async world => {
      const [first, , third] = world.content.catalogue.albums
      world.content.setFault({ kind: 'garbage', path: `/api/albums/${first!.id}` })
      await lookUp(world, async () => (await recordOf(world, `album:${third!.id}`)) !== null)
      assert.equal(await recordOf(world, `album:${first!.id}`), null)
    })
  })

  it('go on with the others, however many were set aside', async t => {
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
      const world = { content, storage, figures, clock: { now: Date.now(), ahead: 0 } }
      await lookUp(world, async () => (await recordOf(world, `album:${last.id}`)) !== null)
    })
  })

  it('wait as long as they are told to, and go on', async t => {
    await withPlays(t, 2, async world => {
      const [, second] = world.content.catalogue.albums
      world.content.setFault({ kind: 'status', status: 429, headers: { 'retry-after': '2' }, times: 1 })
      const running = {
        ...world,
        clock: {
          get now() {
            return Date.now()
          },
          ahead: 0,
        },
      }
      await lookUp(running, async () => (await recordOf(world, `album:${second!.id}`)) !== null)
      const [refused, next] = world.content.requests.map(({ at }) => at)
      assert.ok(next! - refused! >= 1990, `asked again after ${next! - refused!} ms`)
    })
  })
})
