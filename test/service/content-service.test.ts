/** The stand-in catalogue answers as the platform's does, and fails as a test asks it to. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { type Album, makeCatalogue } from '../../dev/content-service/catalogue.ts'
import type { Fault } from '../../dev/content-service/faults.ts'
import { type ContentServiceOptions, startContentService } from '../../dev/content-service/server.ts'

async function start(t: TestContext, options?: ContentServiceOptions) {
  const service = await startContentService(options)
  t.after(() => service.close())
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(service.url + path, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) }
  }
  const album = `/api/albums/${service.catalogue.albums.find(({ artistId }) => artistId === 4)!.id}`
  const failing = (fault: Fault, path = album) => {
    service.setFault(fault)
    return ask(path)
  }
  return { service, ask, album, failing }
}

test('one seed makes one catalogue, which has the cases that are hard', () => {
  assert.deepEqual(makeCatalogue({ seed: 7 }), makeCatalogue({ seed: 7 }))
  const { artists, albums } = makeCatalogue()
  assert.deepEqual([artists.length, artists[3]!.name, artists[1]!.name], [40, 'DJ Beats', artists[4]!.name])
  const genres = new Set(albums.map(({ genre }) => genre))
  for (const genre of ['Rock', 'Rockabilly', 'R&B', 'C++', 'Electrónica']) assert.ok(genres.has(genre), genre)
  for (const id of [null, ...artists.map(({ id }) => id)]) assert.ok(albums.some(({ artistId }) => artistId === id))
})

test('albums and artists have the fields and status codes of the platform', async t => {
  const { service, ask, album } = await start(t, { emails: true })
  const shown = (await ask(album)).json()
  const fields = (value: object) => Object.keys(value).join(' ')
  assert.equal(fields(shown), 'id title artist artistId genre coverImage price releaseYear tracks updatedAt')
  assert.equal(fields(shown.tracks[0]), 'id title duration url autor n_reproducciones price')
  const artist = (await ask('/api/artists/4')).json()
  assert.equal(fields(artist), '_id id name profileImage genre email albums')
  assert.deepEqual((await ask('/api/artists')).json()[3], artist)
  assert.match((await ask(new URL(shown.coverImage).pathname)).text, /^<svg/)
  const others = ['albums/ffffffffffffffffffffffff', 'albums/%zz', 'songs', 'artists/9999', `artists/${artist._id}`]
  const answers = await Promise.all(others.map(async path => (await ask(`/api/${path}`)).status))
  assert.deepEqual(answers, [404, 400, 404, 404, 500])
  service.catalogue.albums.find(({ id }) => id === shown.id)!.amended = { title: 'Amended' }
  assert.equal((await ask(album)).json().title, 'Amended')
})

test('a genre is a regular expression in any case, whose albums come newest first', async t => {
  const { ask } = await start(t)
  const found = async (query: string) => (await ask(`/api/albums?${query}`)).json() as Album[]
  const rocks = await found('genre=rock')
  assert.deepEqual(new Set(rocks.map(({ genre }) => genre)), new Set(['Rock', 'Rockabilly']))
  const dates = rocks.map(({ updatedAt }) => updatedAt)
  assert.deepEqual(dates, dates.toSorted().reverse())
  assert.deepEqual(await found('genre=rock&limit=2'), rocks.slice(0, 2))
  assert.ok((await found('genre=^rock$')).every(({ genre }) => genre === 'Rock'))
  for (const query of ['genre=C%2B%2B', 'genre=R&B']) assert.equal((await ask(`/api/albums?${query}`)).status, 500)
})

test('a client may make 150 requests in a minute', async t => {
  let now = 1_000_000
  const { ask, failing } = await start(t, { clock: () => now })
  for (let i = 0; i < 150; i++) assert.equal((await ask('/api/artists/1')).status, 200)
  now += 10_500
  const { status, headers } = await ask('/api/artists/1')
  assert.deepEqual([status, headers.get('retry-after'), headers.get('ratelimit-remaining')], [429, '50', '0'])
  now += 49_500
  assert.equal((await ask('/api/artists/1')).headers.get('ratelimit-remaining'), '149')
  assert.equal((await failing({ kind: 'rate', requestsPerMinute: 0 })).status, 429)
})

test('a fault holds for its path and a number of requests; the longest path decides', async t => {
  const { ask, album, failing } = await start(t)
  const refused = await failing({ kind: 'status', status: 503, headers: { 'retry-after': '7' } })
  assert.equal(refused.headers.get('retry-after'), '7')
  const path = '/api/artists/1'
  assert.equal((await failing({ kind: 'status', status: 502, path, times: 1 }, path)).status, 502)
  for (const other of [path, '/api/artists/12', album]) assert.equal((await ask(other)).status, 503)
  await ask('/faults', { method: 'DELETE' })
  const set = async (body: unknown) => (await ask('/faults', { method: 'POST', body: JSON.stringify(body) })).status
  assert.deepEqual([(await ask(album)).status, await set({ kind: 'hang', times: 1 })], [200, 200])
  for (const wrong of [null, {}, { kind: 'status' }, { kind: 'hang', times: 0 }]) assert.equal(await set(wrong), 400)
})

test('each kind of fault spoils the answer in its own way', async t => {
  const { service, ask, album, failing } = await start(t)
  const right = (await ask(album)).json()
  const begun = performance.now()
  assert.deepEqual((await failing({ kind: 'delay', ms: 150 })).json(), right)
  assert.ok(performance.now() - begun >= 145)
  assert.match((await failing({ kind: 'garbage' })).text, /^<!doctype html>/)
  assert.equal((await failing({ kind: 'empty' })).text, '')
  assert.equal((await failing({ kind: 'emptyList' }, '/api/artists')).text, '[]')
  assert.ok((await failing({ kind: 'huge' })).text.length > 10_000_000)
  const wrong = (await failing({ kind: 'wrongTypes', deep: true })).json()
  assert.deepEqual(Object.keys(wrong), Object.keys(right))
  assert.deepEqual([typeof wrong.title, typeof wrong.tracks[0].id], ['number', 'object'])
  assert.match((await failing({ kind: 'proto' })).text, /"__proto__":\{"polluted":true\}.*"constructor":/)
  await assert.rejects(failing({ kind: 'cut' }))
  service.setFault({ kind: 'hang' })
  const pending = assert.rejects(ask(album))
  await assert.rejects(ask(album, { signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' })
  assert.equal(service.requests.at(-1)?.path, album)
  await service.close()
  await pending
})

test('it runs by itself on PORT_CONTENT until a signal', async t => {
  const main = `${import.meta.dirname}/../../dev/content-service/main.ts`
  const child = spawn(process.execPath, [main], { env: { PORT_CONTENT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const [line] = await once(child.stdout, 'data')
  const [, url, id] = /^Content service at (\S+) \(artist 4, album (\w{24}), genre .+\)\n$/.exec(String(line)) ?? []
  assert.equal((await fetch(`${url}/api/albums/${id}`)).status, 200)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})
