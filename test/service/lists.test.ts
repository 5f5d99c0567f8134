/** Charts and recommendations beside a catalogue that lacks, changes and orders things in its own way. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Album, Artist } from '../../dev/content-service/catalogue.ts'
import { startContentService } from '../../dev/content-service/server.ts'
import { json, postBatch, until } from '../support/http.ts'
import { type StartedApp, startApp } from '../support/start-app.ts'

type Row = Record<string, unknown>

const DAY_MS = 86_400_000
const hexId = (n: number) => n.toString(16).padStart(24, '0')

/** The higher its number, the newer. */
const album = (n: number, genre = 'Rock', tracks = 1): Album => ({
  id: hexId(n),
  title: `Album ${n}`,
  artist: 'Ana',
  artistId: 1,
  genre,
  coverImage: `/assets/covers/${n}.svg`,
  price: 5,
  releaseYear: 2026,
  tracks: Array.from({ length: tracks }, (_, i) => ({
    id: i + 1,
    title: `Song ${i + 1} of ${n}`,
    duration: '4:10',
    url: '/assets/x.mp3',
    autor: 'Ana',
    n_reproducciones: 0,
    price: 1,
  })),
  updatedAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
})

const artist = (id: number): Artist => ({
  _id: hexId(1000 + id),
  id,
  name: `Artist ${id}`,
  profileImage: `/assets/profiles/${id}.svg`,
  genre: 'Rock',
})

async function start(t: TestContext, albums: Album[], artists: Artist[] = [artist(1)]) {
  const content = await startContentService({ requestsPerMinute: null, catalogue: { albums, artists } })
  t.after(() => content.close())
  const app = await startApp(t, { CONTENT_SERVICE_URL: content.url, CONTENT_LOOKUPS_PER_MINUTE: '100000' })
  return { content, app }
}

const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString()

const plays = (n: number, count: number, track = 1, more: Row = {}): Row[] =>
  Array.from({ length: count }, () => ({
    eventType: 'track.played',
    timestamp: ago(0),
    entityType: 'track',
    entityId: String(track),
    metadata: { albumId: hexId(n) },
    ...more,
  }))

const follow = (entityId: string, more: Row = {}): Row => ({
  eventType: 'artist.followed',
  timestamp: ago(0),
  entityType: 'artist',
  entityId,
  userId: 'somebody',
  ...more,
})

const like = (n: number, userId: string): Row => ({
  eventType: 'track.liked',
  timestamp: ago(0),
  userId,
  entityType: 'track',
  entityId: `${hexId(n)}_1`,
  metadata: { albumId: hexId(n) },
})

async function count(app: StartedApp, events: Row[]): Promise<void> {
  await postBatch(app.url, events)
  await until(async () => (await app.services.health()).projector.lagEvents === 0)
}

const get = async (app: StartedApp, path: string) => json<Row[]>(await fetch(`${app.url}/api/${path}`))
const idsOf = (rows: Row[]) => rows.map(({ id }) => id)

test('a chart leaves out what the catalogue says does not exist, and the next ones move up', async t => {
  const { app } = await start(t, [album(2, 'Rock', 2), album(4), album(5)])
  const before = [...plays(1, 9, 1, { timestamp: ago(8) }), ...plays(2, 5, 1, { timestamp: ago(8) })]
  const events = [...plays(1, 6), ...plays(2, 5), ...plays(2, 4, 9), ...plays(3, 3), ...plays(4, 2), ...plays(5, 1)]
  await count(app, [...before, ...events])
  const rows = await get(app, 'stats/trending?limit=2')
  assert.deepEqual(
    rows.map(({ id, title, rank, previousRank, enriched }) => [id, title, rank, previousRank, enriched]),
    [
      [`${hexId(2)}_1`, 'Song 1 of 2', 1, 1, true],
      [`${hexId(4)}_1`, 'Song 1 of 4', 2, null, true],
    ],
  )
  assert.deepEqual(idsOf(await get(app, 'stats/trending?type=albums&limit=10')), [2, 4, 5].map(hexId))
})

test('a chart leaves out artists whom the catalogue does not have, and keeps ids that it can not read', async t => {
  const { app } = await start(t, [], [artist(1), artist(3)])
  await count(app, [
    ...['a', 'b', 'c'].map(userId => follow('2', { userId })),
    ...['a', 'b'].map(userId => follow('some-band', { userId })),
    follow('3'),
  ])
  const rows = await get(app, 'stats/trending?genre=artists&limit=2')
  assert.deepEqual(
    rows.map(({ id, name, rank, enriched }) => [id, name, rank, enriched]),
    [
      ['some-band', null, 1, false],
      ['3', 'Artist 3', 2, true],
    ],
  )
  // The catalogue's artists whom no event names come once they have been looked up.
  const nobody = async () => idsOf(await get(app, 'recommendations/user/nobody'))
  await until(async () => (await nobody()).includes('1'))
  assert.deepEqual(await nobody(), ['some-band', '3', '1'])
})

test('a chart keeps what the catalogue can not say now', async t => {
  const { app, content } = await start(t, [album(1)])
  content.setFault({ kind: 'status', status: 429 })
  await count(app, [...plays(1, 2), ...plays(2, 1)])
  const rows = await get(app, 'stats/trending')
  assert.deepEqual(
    rows.map(({ albumId, title, enriched }) => [albumId, title, enriched]),
    [1, 2].map(n => [hexId(n), null, false]),
  )
})

test('a chart calls no row enriched that has no title, and shows the title on the next request', async t => {
  const untitled = { ...album(1), amended: { title: '', tracks: [{ id: 1 }] } }
  const { app, content } = await start(t, [untitled])
  await count(app, plays(1, 1))
  const [track] = await get(app, 'stats/trending')
  const [row] = await get(app, 'stats/trending?type=albums')
  assert.deepEqual([track?.title, track?.enriched, row?.title, row?.enriched], [null, false, null, false])
  content.setCatalogue({ ...content.catalogue, albums: [album(1)] })
  await fetch(`${app.url}/api/stats/cache/clear?key=album:${hexId(1)}`, { method: 'POST' })
  const [later] = await get(app, 'stats/trending')
  assert.deepEqual([later?.title, later?.enriched], ['Song 1 of 1', true])
})

test('an artist who has registered since the list of artists was read has figures by its other id from the second question on', async t => {
  const { app, content } = await start(t, [album(1)], [artist(1)])
  await count(app, [follow('7'), follow('8')])
  const kpis = async (id: string) => json<Row>(await fetch(`${app.url}/api/stats/artist/${id}/kpis`))
  await until(async () => content.requests.some(({ path }) => path === '/api/artists'))
  content.setCatalogue({ ...content.catalogue, artists: [1, 7].map(artist) })
  assert.equal((await kpis(artist(7)._id)).follows, 0)
  await until(async () => (await kpis(artist(7)._id)).follows === 1)
})

const newer = Array.from({ length: 600 }, (_, i) => album(1000 + i, 'Rockabilly'))

test('lists of a genre hold the albums of exactly that genre, however many newer ones of another the catalogue finds', async t => {
  const { app } = await start(t, [album(1), album(2), album(3, 'rock'), ...newer])
  assert.deepEqual(idsOf(await get(app, 'recommendations/similar?genre=Rock')), [3, 2, 1].map(hexId))
  await count(app, [like(1, 'z')])
  const found = async () => idsOf(await get(app, 'recommendations/user/z'))
  await fetch(`${app.url}/api/stats/cache/clear`, { method: 'POST' })
  await until(async () => isDeepStrictEqual(await found(), [2, 3].map(hexId)))
})

test('lists of a genre begin with the most played album, though it is the oldest of very many', async t => {
  const techno = Array.from({ length: 521 }, (_, i) => album(1 + i, 'Techno'))
  const { app } = await start(t, techno)
  await count(app, plays(1, 3))
  assert.deepEqual(idsOf(await get(app, 'recommendations/similar?genre=techno&limit=1')), [hexId(1)])
})

test('lists of a genre leave out an album that the catalogue has since said it does not have', async t => {
  const { app, content } = await start(t, [album(1), album(2)])
  assert.equal((await get(app, 'recommendations/similar?genre=Rock')).length, 2)
  content.setCatalogue({ ...content.catalogue, albums: [album(1)] })
  await count(app, plays(2, 1))
  assert.deepEqual(await get(app, 'stats/trending'), [])
  assert.deepEqual(idsOf(await get(app, 'recommendations/similar?genre=Rock')), [hexId(1)])
})

test('before any model is trained too, a list has two albums of an artist, and further ones behind those of others', async t => {
  const byBen = { ...album(6), artist: 'Ben', artistId: 2 }
  const { app } = await start(t, [album(2), album(3), album(4), album(5), byBen], [artist(1), artist(2)])
  await count(app, [like(2, 'z')])
  const found = async () => idsOf(await get(app, 'recommendations/user/z')).slice(0, 4)
  await until(async () => (await found()).length === 4)
  assert.deepEqual(await found(), [3, 4, 6, 5].map(hexId))
})

test('recommendations leave out at once what the listener has got since the list was made', async t => {
  const { app } = await start(t, [album(1), album(2), album(3), album(4), album(5)])
  await count(app, [like(1, 'z')])
  const found = async () => idsOf(await get(app, 'recommendations/user/z'))
  await until(async () => (await found()).length === 4)
  const item = { albumId: hexId(2), price: 5 }
  const order = { eventType: 'order.paid', timestamp: ago(0), entityType: 'order', entityId: '1', userId: 'z' }
  await count(app, [{ ...order, metadata: { items: [item] } }])
  assert.deepEqual(await found(), [3, 4, 5].map(hexId))
  await count(app, [like(3, 'z'), ...plays(4, 4, 1, { userId: 'z' })])
  assert.deepEqual(await found(), [hexId(5)])
})

test('recommendations of artists leave out at once whom the listener follows by now', async t => {
  const { app } = await start(t, [], [1, 2, 3].map(artist))
  await count(app, [...['1', '2', '3'].map(id => follow(id)), follow('1', { userId: 'another' })])
  const found = async (limit: number) => idsOf(await get(app, `recommendations/user/z?limit=${limit}`))
  assert.equal((await found(2))[0], '1')
  await count(app, [follow('1', { userId: 'z' })])
  assert.deepEqual((await found(2)).sort(), ['2', '3'])
})

test('recommendations fall back from the artists of a year to those of all time', async t => {
  const { app } = await start(t, [], [1, 2].map(artist))
  const old = ago(500)
  await count(app, [
    follow('1', { timestamp: old }),
    ...plays(7, 1, 1, { timestamp: old, metadata: { artistId: '2' } }),
  ])
  const rows = await get(app, 'recommendations/user/nobody')
  assert.deepEqual(
    rows.map(({ id, title, reason }) => [id, title, reason]),
    [
      ['1', 'Artist 1', 'popular'],
      ['2', 'Artist 2', 'popular'],
    ],
  )
})
