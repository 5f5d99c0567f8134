/** The platform as it is: its front end's payloads, its catalogue, and what the catalogue's faults may not do. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type ContentService, startContentService } from '../../dev/content-service/server.ts'
import type { AppServices } from '../../src/http/app-services.ts'
import { openEmbedded } from '../../src/opening/open-storage.ts'
import { rebuild } from '../../src/opening/rebuild.ts'
import { startServices } from '../../src/services.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { json, postBatch, problem, until } from '../support/http.ts'
import { noneSetAside } from '../support/none-set-aside.ts'
import { temporaryFolder } from '../support/service-process.ts'
import { type StartedApp, startApp } from '../support/start-app.ts'
import { SMALL } from '../support/temp-store.ts'

type Row = Record<string, unknown>

const ORIGIN = 'http://localhost:3000'
const BUDGET_MS = 400

async function startPlatform(t: TestContext, env: NodeJS.ProcessEnv = {}) {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  const app = await startApp(t, {
    CONTENT_SERVICE_URL: content.url,
    CONTENT_LOOKUPS_PER_MINUTE: '100000',
    ENRICH_BUDGET_MS: String(BUDGET_MS),
    ...env,
  })
  return { content, app }
}

/** What axios sends from the page: first the preflight, then the event with credentials. */
async function postFromPage(url: string, event: Row): Promise<void> {
  const path = `${url}/api/stats/events`
  const asked = {
    origin: ORIGIN,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  }
  const preflight = await fetch(path, { method: 'OPTIONS', headers: asked })
  assert.equal(preflight.status, 204)
  assert.equal(preflight.headers.get('access-control-allow-origin'), ORIGIN)
  assert.equal(preflight.headers.get('access-control-allow-credentials'), 'true')
  const headers = { origin: ORIGIN, 'content-type': 'application/json', cookie: 'session=1' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(event) })
  assert.equal(response.headers.get('access-control-allow-origin'), ORIGIN)
  assert.equal((await json(response, 202)).accepted, true)
}

const now = () => new Date().toISOString()

const play = (albumId: string, track: number, userId: string | null, artist = 'DJ Beats'): Row => ({
  eventType: 'track.played',
  timestamp: now(),
  entityType: 'track',
  entityId: String(track),
  userId,
  metadata: { albumId, artist },
})

const like = (albumId: string, track: number, userId: string): Row => ({
  eventType: 'track.liked',
  timestamp: now(),
  entityType: 'track',
  entityId: `${albumId}_${track}`,
  userId,
  metadata: { artist: null, albumId: null },
})

const counted = (app: StartedApp) => until(async () => (await app.services.health()).projector.lagEvents === 0)

const get = async <T = Row[]>(app: StartedApp, path: string) => json<T>(await fetch(`${app.url}/api/${path}`))

const kpisOf = (app: StartedApp, artistId: string | number) => get<Row>(app, `stats/artist/${artistId}/kpis`)

/** The albums of an artist in the catalogue. */
const albumsOf = (content: ContentService, artist: number) =>
  content.catalogue.albums.filter(({ artistId }) => artistId === artist).map(({ id }) => id)

test("the front end's events count for the artist's number, those from before it was known too", async t => {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  content.setFault({ kind: 'status', status: 404 })
  const app = await startApp(t, {
    CONTENT_SERVICE_URL: content.url,
    CONTENT_LOOKUPS_PER_MINUTE: '100000',
    CACHE_DEFAULT_TTL: '1',
  })
  const [first, second] = albumsOf(content, 4)
  await postFromPage(app.url, play(first!, 1, 'u1'))
  await postFromPage(app.url, play(second!, 1, null))
  await postFromPage(app.url, like(first!, 1, 'u1'))
  const follow = { eventType: 'artist.followed', timestamp: now(), entityType: 'artist', entityId: '4', userId: 'u1' }
  await postFromPage(app.url, { ...follow, metadata: { artistName: 'Somebody else' } })
  await postFromPage(app.url, {
    eventType: 'order.paid',
    timestamp: now(),
    entityType: 'order',
    entityId: String(Date.now()),
    userId: 'u1',
    metadata: { price: 14.270000000000001, currency: 'EUR', itemsCount: 2 },
  })
  await counted(app)
  assert.equal((await kpisOf(app, 4)).plays, 0)
  content.clearFaults()
  await until(async () => (await kpisOf(app, 4)).plays === 2)
  const { plays, likes, follows, uniqueListeners } = await kpisOf(app, 4)
  assert.deepEqual([plays, likes, follows, uniqueListeners], [2, 1, 1, 1])
  const otherId = content.catalogue.artists.find(({ id }) => id === 4)!._id
  await until(async () => (await kpisOf(app, otherId)).plays === 2)
  const unattributed = await get<{ items: Row[] }>(app, 'stats/unattributed')
  assert.deepEqual(
    unattributed.items.map(({ kind, purchases }) => [kind, purchases]),
    [['none', 1]],
  )
})

test('track 1 of two albums are two tracks; a like and a play of one track meet', async t => {
  const { content, app } = await startPlatform(t)
  const [first, second] = albumsOf(content, 4)
  for (const event of [play(first!, 1, 'u1'), play(first!, 1, 'u2'), play(second!, 1, 'u1'), like(first!, 1, 'u1')]) {
    await postFromPage(app.url, event)
  }
  await counted(app)
  const rows = await get(app, 'stats/trending?genre=tracks&period=week&limit=6')
  assert.deepEqual(
    rows.map(({ id, key, trackId, albumId, count }) => [id, key, trackId, albumId, count]),
    [
      [`${first}_1`, `${first}_1`, '1', first, 2],
      [`${second}_1`, `${second}_1`, '1', second, 1],
    ],
  )
  const album = content.catalogue.albums.find(({ id }) => id === first)!
  assert.equal(rows[0]?.title, album.tracks[0]!.title)
  assert.equal(rows[0]?.artistName, 'DJ Beats')
  assert.equal(rows[0]?.coverImage, `${content.url}${album.coverImage}`)
  assert.equal(rows[0]?.enriched, true)
})

test('who asks before anything was counted sees it soon after', async t => {
  const { content, app } = await startPlatform(t)
  assert.deepEqual(await get(app, 'stats/trending'), [])
  // The catalogue may have told of artists already, whom nobody has played.
  const before = await get(app, 'recommendations/user/u1')
  assert.ok(before.every(row => row.score === 0))
  const [album] = albumsOf(content, 4)
  const follow = { eventType: 'artist.followed', timestamp: now(), entityType: 'artist', entityId: '7', userId: 'u2' }
  await postBatch(app.url, [play(album!, 1, 'u1'), follow])
  await counted(app)
  // That there is nothing is remembered for half a second.
  await wait(600)
  assert.notDeepEqual(await get(app, 'stats/trending'), [])
  const [first] = await get(app, 'recommendations/user/u1')
  assert.ok(Number(first?.score) > 0)
})

test('rows are fetched once for each album, and order and length do not depend on the catalogue', async t => {
  const { content, app } = await startPlatform(t)
  const [album, other] = albumsOf(content, 4)
  const events = [1, 2, 3].flatMap(track => [play(album!, track, 'u1'), play(other!, track, 'u2')])
  await postBatch(app.url, events)
  await counted(app)
  // The look-ups ask about the two albums as well.
  await until(() => content.requests.filter(({ path }) => path.startsWith('/api/albums/')).length >= 2)
  content.requests.length = 0
  const rows = await get(app, 'stats/trending')
  assert.equal(rows.length, 6)
  assert.equal(content.requests.filter(({ path }) => path === `/api/albums/${album}`).length, 1)
  await get(app, 'stats/trending?limit=2')
  assert.equal(content.requests.length, 2)
})

test('with the catalogue hanging, rankings answer within the budget, and late titles show the next time', async t => {
  const { content, app } = await startPlatform(t)
  const [album] = albumsOf(content, 4)
  await postBatch(app.url, [play(album!, 1, 'u1')])
  await counted(app)
  content.setFault({ kind: 'delay', ms: 900 })
  const begun = performance.now()
  const [row] = await get(app, 'stats/trending')
  const took = performance.now() - begun
  assert.ok(took < BUDGET_MS + 200, `took ${took} ms`)
  assert.deepEqual([row?.trackId, row?.enriched, row?.title, row?.artistName !== undefined], ['1', false, null, true])
  await until(async () => (await get(app, 'stats/trending'))[0]?.enriched === true)
})

for (const fault of ['garbage', 'empty', 'huge', 'wrongTypes', 'proto', 'cut', 'emptyList'] as const) {
  test(`a catalogue that answers with ${fault} harms nothing`, async t => {
    const { content, app } = await startPlatform(t)
    content.setFault({ kind: fault })
    const [album] = albumsOf(content, 4)
    await postBatch(app.url, [play(album!, 1, 'u1'), like(album!, 1, 'u1')])
    await counted(app)
    const [row] = await get(app, 'stats/trending')
    assert.deepEqual([row?.trackId, row?.albumId, row?.count], ['1', album, 1])
    assert.deepEqual(Object.keys(Object.prototype), [])
    assert.equal(({} as Row).polluted, undefined)
    assert.equal((await get(app, 'recommendations/user/u1')).length >= 0, true)
    assert.equal((await fetch(`${app.url}/readyz`)).status, 200)
  })
}

test('recommendations: albums of the genres that a listener likes, never what the listener has', async t => {
  const { content, app } = await startPlatform(t)
  const rock = content.catalogue.albums.filter(({ genre }) => genre === 'Rock')
  const [own, loved, ignored] = rock
  const plays = [
    play(own!.id, 1, 'u1'),
    play(own!.id, 1, 'u1'),
    like(own!.id, 1, 'u1'),
    ...['u2', 'u3'].map(user => play(loved!.id, 1, user)),
    play(ignored!.id, 1, 'u2'),
  ]
  await postBatch(app.url, plays)
  await counted(app)
  const albumRows = async () => {
    await fetch(`${app.url}/api/stats/cache/clear`, { method: 'POST' })
    const rows = await get(app, 'recommendations/user/u1?limit=5')
    return rows.filter(({ type }) => type === 'album')
  }
  await until(async () => (await albumRows()).length > 0)
  const [best, next] = await albumRows()
  assert.deepEqual([best?.id, best?.title, best?.reason], [loved!.id, loved!.title, 'genre:Rock'])
  assert.equal(next?.id, ignored!.id)
  assert.ok((best!.because as Row[]).length > 0)
  assert.ok((await albumRows()).every(({ id }) => id !== own!.id))

  const similar = await get(app, `recommendations/similar?genre=rock&limit=100&excludeId=${own!.id}`)
  assert.deepEqual(similar[0]?.id, loved!.id)
  assert.equal(similar.length, rock.length - 1)
  await problem(await fetch(`${app.url}/api/recommendations/similar`), 400, 'required')
})

test('recommendations: popular artists where nothing is known or the catalogue is away', async t => {
  const { content, app } = await startPlatform(t)
  const follow = (artist: string, userId: string) => ({
    eventType: 'artist.followed',
    timestamp: now(),
    entityType: 'artist',
    entityId: artist,
    userId,
  })
  await postBatch(app.url, [follow('4', 'u1'), follow('4', 'u2'), follow('7', 'u2')])
  await counted(app)
  const rows = await get(app, 'recommendations/user/nobody')
  assert.deepEqual(
    rows.slice(0, 2).map(({ id, type, reason }) => [id, type, reason]),
    [
      ['4', 'artist', 'popular'],
      ['7', 'artist', 'popular'],
    ],
  )
  assert.equal(rows[0]?.title, 'DJ Beats')
  content.setFault({ kind: 'garbage' })
  await problem(await fetch(`${app.url}/api/recommendations/similar?genre=Polka`), 502, 'catalogue_failed')
  // The log says why, as of a refusal: it is none of this service's own errors.
  const [refused] = app.log.filter(({ why }) => why)
  assert.deepEqual([refused?.level, refused?.msg], [40, 'request refused'])
  assert.equal((await get(app, 'recommendations/user/u1'))[0]?.id, '7')
})

test('cache and circuit breaker can be looked at, and the cache cleared', async t => {
  const { app } = await startPlatform(t)
  // Of no album, so that the catalogue has nothing to say of it.
  const alone = { eventType: 'track.played', timestamp: now(), entityType: 'track', entityId: 'spotify:track:77' }
  await postBatch(app.url, [alone])
  await counted(app)
  await get(app, 'stats/trending')
  await get(app, 'stats/trending?limit=3')
  const info = await get<Row>(app, 'stats/cache/info')
  assert.deepEqual([info.current_size, info.max_size, info.ttl_seconds, info.hits, info.misses], [1, 500, 3600, 1, 1])
  const [key] = info.keys as string[]
  const clear = async (init: RequestInit, query = '') =>
    json(await fetch(`${app.url}/api/stats/cache/clear${query}`, { method: 'POST', ...init }))
  const body = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key }) }
  assert.deepEqual(await clear(body), { cleared: key })
  assert.deepEqual(await clear({}, '?key=none'), { cleared: 'none' })
  const ofNothing = { headers: { 'content-type': 'application/json' }, body: '{"key": null}' }
  assert.deepEqual(await clear(ofNothing), { cleared: 'all' })
  const wrong = { method: 'POST', ...ofNothing, body: '{"key": 7}' }
  await problem(await fetch(`${app.url}/api/stats/cache/clear`, wrong), 400, 'wrong_type')
  assert.deepEqual(await clear({}), { cleared: 'all' })
  assert.equal((await get<Row>(app, 'stats/cache/info')).current_size, 0)
  assert.deepEqual(await get<Row>(app, 'stats/cb/status'), {
    state: 'Closed',
    fail_count: 0,
    fail_max: 5,
    reset_timeout: 30,
    opened_at: null,
  })
})

test('what the catalogue taught outlives a restart and a rebuild, without asking it again', async t => {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  const dataDir = await temporaryFolder(t)
  const env = { DATA_DIR: dataDir, CONTENT_SERVICE_URL: content.url, CONTENT_LOOKUPS_PER_MINUTE: '100000' }
  const start = () => startServices(loadConfig(env), assert.fail, assert.fail)
  const plays = async (services: AppServices, artistId: string) =>
    (await services.questions.artistKpis({ artistId }, { client: 'x', signal: new AbortController().signal })).plays
  const [album] = albumsOf(content, 4)
  const first = await start()
  await first.ingestion.receive([{ value: play(album!, 1, 'u1', 'A guest') }])
  await until(async () => (await plays(first, '4')) === 1)
  await first.close()

  const asked = content.requests.length
  const storage = openEmbedded(dataDir)
  await rebuild({ dataDir, mongo: null }, SMALL, storage, noneSetAside.keepSetAside, () => {})
  await storage.close()
  const second = await start()
  await until(async () => (await plays(second, '4')) === 1)
  assert.equal(await plays(second, 'A guest'), 0)
  // Long enough for a look-up, if there were one to make.
  await new Promise(resolve => setTimeout(resolve, 300))
  await second.close()
  assert.equal(content.requests.length, asked)
})
