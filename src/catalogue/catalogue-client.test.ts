/** Which requests the client makes, and what it makes of the answers. */
import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { pipeline } from 'node:stream'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  ALBUM,
  clientOf,
  json,
  rawServer,
  scriptedCatalogue,
  status,
  tick,
  turn,
  unavailable,
  until,
} from '../../test/support/scripted-catalogue.ts'
import { DAY_MS } from '../units.ts'

test('the client requests albums and artists by their ids', async t => {
  const { client, requests } = await scriptedCatalogue(t, (request, response) => {
    json(
      response,
      request.url?.includes('albums') ? { ...ALBUM, id: 'a/1?x=ü' } : { _id: 'x', id: 4, name: 'DJ Beats' },
    )
  })
  assert.equal((await client.album('a/1?x=ü'))?.title, 'Night Drive')
  assert.equal((await client.artist('4'))?.name, 'DJ Beats')
  assert.equal((await client.artist('x'))?.id, '4')
  assert.deepEqual(requests, ['/api/albums/a%2F1%3Fx%3D%C3%BC', '/api/artists/4', '/api/artists/x'])
  assert.deepEqual(client.counts, {
    calls: 3,
    failures: 0,
    retries: 0,
    timeouts: 0,
    rejectedOpen: 0,
    rejectedPaused: 0,
  })
})

test('the client returns null for 404, and undefined for 500', async t => {
  const { client, requests } = await scriptedCatalogue(t, (request, response) => {
    status(request.url?.endsWith('x') ? 500 : 404)(request, response)
  })
  assert.equal(await client.album('gone'), null)
  assert.equal(await client.artist('x'), undefined)
  assert.equal(requests.length, 2)
  assert.equal(client.counts.failures, 0)
})

test('the client makes no request for ids that would change the path', async t => {
  const { client, requests } = await scriptedCatalogue(t, status(404))
  for (const id of ['', '.', '..', 'x'.repeat(300)]) assert.equal(await client.album(id), null)
  assert.deepEqual(requests, [])
  assert.equal(await client.album('\ud800'), null)
  assert.equal(await client.artist('../albums'), null)
  assert.deepEqual(requests, ['/api/albums/%EF%BF%BD', '/api/artists/..%2Falbums'])
})

test('the client returns the albums of exactly one genre', async t => {
  const genres = [
    'Rock',
    'rock ',
    'Rockabilly',
    'C++',
    'R&B',
    'a.b',
    'aXb',
    'M\u00fasica',
    'Mu\u0301sica',
    '(x',
    '',
    'Straße',
    'STRASSE',
  ]
  const albums = genres.map((genre, i) => ({ id: i, title: genre, genre }))
  const { client, requests } = await scriptedCatalogue(t, (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x')
    const pattern = new RegExp(searchParams.get('genre') ?? '', 'i')
    json(response, [...albums.filter(({ genre }) => pattern.test(genre)), null, { id: 99 }])
  })
  const ids = async (genre: string) => (await client.albumsOfGenre(genre)).map(({ id }) => Number(id))
  assert.deepEqual(await ids(' ROCK'), [0, 1])
  assert.deepEqual(await ids('C++'), [3])
  assert.deepEqual(await ids('r&b'), [4])
  assert.deepEqual(await ids('A.b'), [5])
  assert.deepEqual(await ids('M\u00fasica'), [7, 8])
  assert.deepEqual(await ids('(x'), [9])
  assert.equal(requests[1], `/api/albums?genre=${encodeURIComponent(String.raw`^\s*c\+\+\s*$`)}`)
  assert.deepEqual(await ids('  '), [])
  for (const spelled of ['straße', 'Strasse']) assert.deepEqual(await ids(spelled), [11, 12])
  assert.equal(requests.length, 8)
})

test('the client returns all albums of a genre, also from a catalogue without regular expressions', async t => {
  const newer = Array.from({ length: 600 }, (_, i) => ({ id: `r${i}`, genre: 'Rockabilly' }))
  const own = Array.from({ length: 521 }, (_, i) => ({ id: i, genre: 'Rock' }))
  const finds: Record<string, (genre: string, pattern: string) => boolean> = {
    expressions: (genre, pattern) => new RegExp(pattern, 'i').test(genre),
    text: (genre, text) => genre === text,
  }
  for (const [name, isFound] of Object.entries(finds)) {
    const { client } = await scriptedCatalogue(t, (request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://x')
      const found = [...newer, ...own].filter(({ genre }) => isFound(genre, searchParams.get('genre') ?? ''))
      json(response, found.slice(0, Number(searchParams.get('limit') ?? found.length)))
    })
    assert.equal((await client.albumsOfGenre('Rock')).length, 521, name)
  }
})

test('the client returns the newest 500 albums of a genre whose list exceeds the limit', async t => {
  const albums = Array.from({ length: 1500 }, (_, id) => ({ ...ALBUM, id, notes: 'x'.repeat(10_000) }))
  const { client } = await scriptedCatalogue(t, (request, response) => {
    const limit = new URL(request.url ?? '', 'http://x').searchParams.get('limit')
    json(response, albums.slice(0, Number(limit ?? albums.length)))
  })
  assert.equal((await client.albumsOfGenre('Rock')).length, 500)
})

test('the client returns all artists', async t => {
  const artists = Array.from({ length: 2000 }, (_, i) => ({
    id: i,
    name: `Artist ${i}`,
    albums: [{ x: 'y'.repeat(900) }],
  }))
  const { client, requests } = await scriptedCatalogue(t, (_request, response) => json(response, artists))
  assert.deepEqual((await client.artists()).at(-1)?.name, 'Artist 1999')
  assert.deepEqual(requests, ['/api/artists'])
})

test('the client refuses an answer that is not a list of artists', async t => {
  const { client } = await scriptedCatalogue(t, (_request, response) => json(response, { artists: [] }))
  assert.equal((await unavailable(client.artists())).unusable, true)
})

test('the client reuses its connection', async t => {
  const { client, seen } = await scriptedCatalogue(t, (request, response) => {
    if (request.url?.endsWith('a1')) json(response, ALBUM)
    else status(404)(request, response)
  })
  for (let i = 0; i < 20; i++) {
    await client.album(i % 2 ? 'a1' : 'gone')
    await turn()
  }
  assert.equal(seen.connections, 1)
})

const answers: Record<string, RequestListener> = {
  'a page': (_request, response) => response.end('<!doctype html><title>Hello</title>'),
  'an empty body': (_request, response) => response.end(),
  'broken JSON': (_request, response) => response.end('{"id": "a1", "title": "Nig'),
  'a body that is not UTF-8': (_request, response) =>
    response.end(Buffer.from('{"id": "a1", "title": "\xe9"}', 'latin1')),
  'a list': (_request, response) => json(response, [ALBUM]),
  'an error with status 200': (_request, response) => json(response, { error: 'not found' }),
  'another album': (_request, response) => json(response, { ...ALBUM, id: 'a2' }),
  'a redirect': status(302, { location: '/api/albums/a2' }),
  'no content': (_request, response) => response.writeHead(204).end(),
  'status 201': (_request, response) => json(response.writeHead(201), ALBUM),
  'status 401': status(401),
  'status 599': status(599),
  'a body that is not compressed as its header says': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(JSON.stringify(ALBUM))
  },
}
for (const [name, handler] of Object.entries(answers)) {
  test(`${name} is unusable, without a retry and without counting for the circuit`, async t => {
    const { client, requests } = await scriptedCatalogue(t, handler)
    const error = await unavailable(client.album('a1'))
    assert.deepEqual([error.reason, error.unusable], ['error', true], error.message)
    assert.equal(requests.length, 1)
    assert.deepEqual([client.counts.failures, client.counts.retries, client.status().fail_count], [1, 0, 0])
  })
}

const excessive: Record<string, RequestListener> = {
  '10 MB': (_request, response) => json(response, { ...ALBUM, title: 'x'.repeat(10_000_000) }),
  '10 MB of zeros, compressed': (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000)))
  },
  'deeply nested JSON': (_request, response) => response.end(`{"id":"a1","x":${'['.repeat(400_000)}`),
}
for (const [name, handler] of Object.entries(excessive)) {
  test(`${name} is unusable, without a retry, and counts for the circuit`, async t => {
    const { client, requests } = await scriptedCatalogue(t, handler)
    const error = await unavailable(client.album('a1'))
    assert.deepEqual([error.reason, error.unusable], ['error', true], error.message)
    assert.equal(requests.length, 1)
    assert.deepEqual([client.counts.failures, client.counts.retries, client.status().fail_count], [1, 0, 1])
    for (let i = 0; i < 4; i++) await unavailable(client.album('a1'))
    assert.equal((await unavailable(client.album('a1'))).reason, 'open')
  })
}

test('a list that exceeds the limit even with 500 albums counts as a failure', async t => {
  const items = `[${'1,'.repeat(10_001)}1]`
  const { client, requests } = await scriptedCatalogue(t, (_request, response) => response.end(items))
  assert.equal((await unavailable(client.albumsOfGenre('Rock'))).unusable, true)
  assert.deepEqual([requests.length, client.status().fail_count], [2, 1])
})

test('an answer that is not HTTP is unusable', async t => {
  for (const bytes of ['SSH-2.0-OpenSSH_9\r\n', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`]) {
    const client = clientOf(await rawServer(t, bytes))
    const error = await unavailable(client.album('a1'))
    assert.deepEqual([error.reason, error.unusable, client.counts.retries], ['error', true, 0])
  }
})

test('an endless body is not read beyond the limit', async t => {
  let sent = 0
  const endless = function* () {
    for (; ; sent += 65_536) yield Buffer.alloc(65_536, 32)
  }
  const { client } = await scriptedCatalogue(t, (_request, response) => pipeline(endless(), response, () => {}))
  const error = await unavailable(client.album('a1'))
  assert.match(error.message, /more than 1048576 bytes/)
  assert.ok(sent < 64 * 2 ** 20)
})

test('a list may be larger than an album', async t => {
  const albums = Array.from({ length: 500 }, (_, id) => ({ ...ALBUM, id, notes: 'x'.repeat(10_000) }))
  const { client } = await scriptedCatalogue(t, (_request, response) => json(response, albums))
  assert.equal((await client.albumsOfGenre('Rock')).length, 500)
})

test('500 is unusable as an answer to a list', async t => {
  const { client } = await scriptedCatalogue(t, status(500))
  assert.equal((await unavailable(client.albumsOfGenre('Rock'))).unusable, true)
  assert.equal((await unavailable(client.artists())).unusable, true)
  assert.equal(client.status().fail_count, 0)
})

test('__proto__ and toString in an answer do no harm', async t => {
  const { client } = await scriptedCatalogue(t, (_request, response) => {
    response.end(
      '{"id": "a1", "__proto__": {"title": "P", "polluted": 1}, "toString": null, "tracks": [{"__proto__": []}]}',
    )
  })
  const album = await client.album('a1')
  assert.deepEqual([album?.title, album?.tracks, 'polluted' in {}], [null, [], false])
})

test('429 pauses all calls for as long as it says', async t => {
  // Dates in headers are whole seconds.
  tick(1000 - (Date.now() % 1000))
  const pauseEnd = new Date(Date.now() + 7000).toUTCString()
  const { client, requests } = await scriptedCatalogue(t, (request, response) => {
    if (requests.length < 2) status(429, { 'retry-after': pauseEnd })(request, response)
    else json(response, ALBUM)
  })
  assert.equal(client.pausedMs, 0)
  assert.equal((await unavailable(client.album('a1'))).reason, 'paused')
  assert.equal(client.pausedMs, 7000)
  tick(6999)
  assert.equal((await unavailable(client.album('a1'))).reason, 'paused')
  assert.equal((await unavailable(client.artists())).reason, 'paused')
  assert.equal(requests.length, 1)
  tick(1)
  assert.equal(client.pausedMs, 0)
  assert.equal((await client.album('a1'))?.id, 'a1')
  assert.deepEqual([client.counts.retries, client.counts.failures, client.counts.rejectedPaused], [0, 0, 3])
  assert.equal(client.status().fail_count, 0)
})

test('a pause is not shortened by an answer that asks for less', async t => {
  const { client } = await scriptedCatalogue(t, (request, response) => {
    status(429, { 'retry-after': request.url?.at(-1) ?? '' })(request, response)
  })
  for (const call of ['5', '9', '3'].map(id => unavailable(client.album(id)))) await call
  assert.equal(client.pausedMs, 9000)
  tick(9000)
})

test('a pause keeps its length even where the wall clock is set', async t => {
  let wall = Date.now()
  const paused = { 'retry-after': '60' }
  const options = { clock: () => wall }
  const { client } = await scriptedCatalogue(t, status(429, paused), options)
  wall += DAY_MS
  assert.equal((await unavailable(client.album('a1'))).reason, 'paused')
  wall -= DAY_MS
  assert.equal(client.pausedMs, 60_000)
  tick(59_999)
  wall += DAY_MS
  assert.equal(client.pausedMs, 1)
  tick(1)
  assert.equal(client.pausedMs, 0)
})

test('a pause ends calls between attempts, and calls that wait', async t => {
  const { client, requests } = await scriptedCatalogue(t, (request, response) => {
    status(request.url?.endsWith('busy') ? 503 : 429, { 'retry-after': '30' })(request, response)
  })
  const retrying = unavailable(client.album('busy'))
  await until(() => client.counts.retries === 1)
  const calls = Array.from({ length: 100 }, () => unavailable(client.album('a1')))
  for (const call of calls) assert.equal((await call).reason, 'paused')
  assert.ok(requests.length <= 17, String(requests.length))
  const before = requests.length
  tick(1000)
  assert.equal((await retrying).reason, 'paused')
  assert.equal(requests.length, before)
  assert.equal(client.status().fail_count, 0)
})
