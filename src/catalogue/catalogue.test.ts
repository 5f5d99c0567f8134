import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { AnswerCaches } from '../caching/answer-caches.ts'
import { CallBudget } from './call-budget.ts'
import { Catalogue } from './catalogue.ts'
import { CatalogueClient } from './catalogue-client.ts'
import { CatalogueUnavailable } from './catalogue-faults.ts'

const TTL = 3_600_000
const ALBUM = { id: 'a1', title: 'Night Drive', artist: 'DJ Beats', artistId: 4, genre: 'Rock' }
const ARTIST = { _id: 'x4', id: 4, name: 'DJ Beats' }

interface Reply {
  status: number
  body: unknown
}

/** A catalogue that answers as the test sets it by path, with a clock that the test sets. */
async function catalogueOf(t: TestContext) {
  const clock = { now: Date.UTC(2026, 10, 24, 12) }
  const replies = new Map<string, Reply>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push(path)
    const { status, body } = replies.get(path) ?? { status: 404, body: { error: 'not found' } }
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const client = new CatalogueClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    clock: () => clock.now,
    monotonic: () => clock.now,
  })
  const caches = new AnswerCaches({ maxSize: 100, defaultTtlMs: TTL, now: () => clock.now })
  const reported: string[] = []
  const onAlbum = ({ id }: { id: string }) => void reported.push(`album ${id}`)
  const onArtist = ({ id }: { id: string }) => void reported.push(`artist ${id}`)
  const catalogue = new Catalogue({
    client,
    caches,
    ttlMs: TTL,
    onAlbum,
    onArtist,
    budget: new CallBudget(() => clock.now),
  })
  const reply = (path: string, body: unknown, status = 200) => void replies.set(path, { status, body })
  return { catalogue, cache: caches.main, caches, clock, requests, reported, reply }
}

async function reasonOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => assert.fail('answered'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof CatalogueUnavailable, String(error))
  return error.reason
}

test('the catalogue makes one call for what it caches, and reports what it fetched', async t => {
  const { catalogue, cache, clock, requests, reported, reply } = await catalogueOf(t)
  reply('/api/albums/a1', ALBUM)
  reply('/api/artists/4', ARTIST)
  for (let i = 0; i < 3; i++) {
    assert.equal((await catalogue.album('a1'))?.title, 'Night Drive')
    assert.equal((await catalogue.artist('4'))?.otherId, 'x4')
  }
  assert.deepEqual(requests, ['/api/albums/a1', '/api/artists/4'])
  assert.deepEqual(reported, ['album a1', 'artist 4'])
  assert.deepEqual(cache.info().keys, ['artist:4', 'album:a1'])
  clock.now += TTL + 1
  await catalogue.album('a1')
  assert.deepEqual(reported, ['album a1', 'artist 4', 'album a1'])
})

test('the catalogue makes one call for concurrent requests', async t => {
  const { catalogue, requests, reply } = await catalogueOf(t)
  reply('/api/albums/a1', ALBUM)
  const albums = await Promise.all(Array.from({ length: 1000 }, () => catalogue.album('a1')))
  assert.ok(albums.every(album => album?.id === 'a1'))
  assert.equal(requests.length, 1)
})

test('the catalogue caches a genre under its folded name, and reports its albums', async t => {
  const { catalogue, requests, reported, reply } = await catalogueOf(t)
  reply(`/api/albums?genre=${encodeURIComponent('^\\s*rock\\s*$')}`, [
    ALBUM,
    { ...ALBUM, id: 'a2', genre: 'Rockabilly' },
    { ...ALBUM, id: 'a3' },
  ])
  assert.equal(catalogue.known.albumsOfGenre('rock'), undefined)
  for (const genre of ['Rock', ' ROCK ', 'rock']) {
    assert.deepEqual(
      (await catalogue.albumsOfGenre(genre, 'c')).map(({ id }) => id),
      ['a1', 'a3'],
    )
  }
  assert.equal(requests.length, 1)
  assert.deepEqual(reported, ['album a1', 'album a3'])
  assert.equal(catalogue.known.albumsOfGenre('rock')?.length, 2)
})

test('the catalogue asks for 30 unknown genres a minute, and for 15 of one client', async t => {
  const { catalogue, caches, clock, requests, reply } = await catalogueOf(t)
  const rock = `/api/albums?genre=${encodeURIComponent('^\\s*rock\\s*$')}`
  const listed = (genre: string) => `/api/albums?genre=${encodeURIComponent(genre)}`
  for (let i = 0; i < 40; i++) {
    reply(listed(`^\\s*made up ${i}\\s*$`), [])
    reply(listed(`made up ${i}`), [])
  }
  reply(rock, [ALBUM])
  const ask = (i: number, client: string) => catalogue.albumsOfGenre(`made up ${i}`, client)
  for (let i = 0; i < 15; i++) assert.deepEqual(await ask(i, 'c'), [])
  assert.equal(await reasonOf(ask(15, 'c')), 'paused')
  // Cached answers cost nothing, not even empty ones.
  assert.deepEqual(await ask(3, 'c'), [])
  assert.equal((await catalogue.albumsOfGenre('Rock', 'd'))[0]?.id, 'a1')
  for (let i = 15; i < 29; i++) assert.deepEqual(await ask(i, 'e'), [])
  assert.equal(await reasonOf(ask(30, 'f')), 'paused')
  assert.equal(requests.length, 59)
  assert.deepEqual(caches.main.info().keys, ['genre:rock'])
  clock.now += TTL + 1
  for (let i = 0; i < 15; i++) await ask(i, 'c')
  // The catalogue has this genre, so the limit does not apply.
  await catalogue.albumsOfGenre('Rock', 'c')
  assert.equal(requests.filter(path => path === rock).length, 2)
})

test('the catalogue makes no call for a genre that is longer than 1,000 characters', async t => {
  const { catalogue, requests } = await catalogueOf(t)
  assert.deepEqual(await catalogue.albumsOfGenre('x'.repeat(1001), 'c'), [])
  assert.equal(requests.length, 0)
})

test('the catalogue caches for a minute that an entity is missing, or that it can not be said', async t => {
  const { catalogue, clock, requests, reported, reply } = await catalogueOf(t)
  reply('/api/artists/x', { error: 'Cast to Number failed' }, 500)
  for (let i = 0; i < 3; i++) {
    assert.equal(await catalogue.album('a1'), null)
    assert.equal(await catalogue.artist('x'), undefined)
  }
  assert.equal(requests.length, 2)
  assert.deepEqual([catalogue.known.album('a1'), catalogue.known.album('a2')], [null, undefined])
  assert.equal(catalogue.known.artist('x'), undefined)
  clock.now += 60_001
  reply('/api/albums/a1', ALBUM)
  assert.equal((await catalogue.album('a1'))?.id, 'a1')
  assert.deepEqual(reported, ['album a1'])
})

test('the catalogue caches for 30 seconds that an answer was unusable', async t => {
  const { catalogue, clock, requests, reply } = await catalogueOf(t)
  reply('/api/albums/a1', '<html>')
  for (let i = 0; i < 3; i++) assert.equal(await reasonOf(catalogue.album('a1')), 'error')
  assert.equal(requests.length, 1)
  assert.equal(catalogue.known.album('a1'), undefined)
  clock.now += 30_001
  reply('/api/albums/a1', ALBUM)
  assert.equal((await catalogue.album('a1'))?.id, 'a1')
})

test('the catalogue prefers an old answer to an unusable one', async t => {
  const { catalogue, clock, requests, reply } = await catalogueOf(t)
  reply('/api/albums/a1', ALBUM)
  await catalogue.album('a1')
  clock.now += TTL + 1
  reply('/api/albums/a1', { ...ALBUM, id: 'another' })
  for (let i = 0; i < 3; i++) assert.equal((await catalogue.album('a1'))?.title, 'Night Drive')
  assert.equal(requests.length, 2)
  clock.now += 30_001
  await catalogue.album('a1')
  assert.equal(requests.length, 3)
})

test('the catalogue returns an old answer while there is no new one, and asks again', async t => {
  const { catalogue, clock, requests, reply } = await catalogueOf(t)
  reply('/api/albums/a1', ALBUM)
  await catalogue.album('a1')
  clock.now += TTL + 1
  reply('/api/albums/a1', {}, 429)
  assert.equal((await catalogue.album('a1'))?.title, 'Night Drive')
  assert.equal(await reasonOf(catalogue.album('a2')), 'paused')
  assert.equal(requests.length, 2)
  clock.now += 60_000
  reply('/api/albums/a1', { ...ALBUM, title: 'New' })
  const answer = catalogue.album('a1')
  assert.equal(catalogue.known.album('a1')?.title, 'Night Drive')
  assert.equal((await answer)?.title, 'New')
})
