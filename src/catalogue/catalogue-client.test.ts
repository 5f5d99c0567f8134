/** The client over real sockets; only `setTimeout` and `Date` stand still, so that schedules are exact. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { pipeline } from 'node:stream'
import { describe, it, mock, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DAY_MS } from '../units.ts'
import { CatalogueClient, CatalogueUnavailable, type ContentClientOptions } from './catalogue-client.ts'

const ALBUM = { id: 'a1', title: 'Night Drive', artist: 'DJ Beats', artistId: 4, genre: 'Rock' }

// Once for all tests: timers of the built-in HTTP client are among them, and clearing one that another mock made would
// take away one of this mock's.
mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 24, 12) })
const tick = (ms: number) => mock.timers.tick(ms)

const turn = () => new Promise(resolve => setImmediate(resolve))

/** Waits, in real time, for something that real I/O brings about. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000
  while (!condition()) {
    assert.ok(performance.now() < deadline, `never: ${condition}`)
    await turn()
  }
}

async function listen(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A catalogue that answers as the handler says, and the client of it. */
async function catalogueOf(t: TestContext, handler: RequestListener, options: Partial<ContentClientOptions> = {}) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    handler(request, response)
  })
  const seen = { connections: 0 }
  server.on('connection', () => seen.connections++)
  const url = await listen(t, server)
  t.after(() => server.closeAllConnections())
  return { ...clientOf(url, options), url, requests, seen }
}

function clientOf(url: string, options: Partial<ContentClientOptions> = {}) {
  return { client: new CatalogueClient({ url, clock: Date.now, monotonic: Date.now, ...options }) }
}

/** A server that speaks no HTTP: it answers every connection with these bytes, and ends it. */
function rawServer(t: TestContext, bytes: string | Buffer): Promise<string> {
  const server = createSocketServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  return listen(t, server)
}

const json = (response: ServerResponse, value: unknown) => response.end(JSON.stringify(value))
const status = (code: number, headers: Record<string, string> = {}) => {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(code, headers).end('{"error": "x"}')
  }
}

async function unavailable(answer: Promise<unknown>): Promise<CatalogueUnavailable> {
  const error = await answer.then(
    value => assert.fail(`answered ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof CatalogueUnavailable, String(error))
  return error
}

/** Fails one call, through all its retries. */
async function failCall(client: CatalogueClient): Promise<CatalogueUnavailable> {
  const failed = unavailable(client.album('a1'))
  for (const delay of [1000, 2000, 4000]) {
    const { retries } = client.counts
    await until(() => client.counts.retries > retries)
    tick(delay)
  }
  return await failed
}

describe('content client: answers', () => {
  it('gives albums and artists by their ids', async t => {
    const { client, requests } = await catalogueOf(t, (request, response) => {
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

  it('takes 404 for the answer that there is none, and 500 for the one that nobody can say', async t => {
    const { client, requests } = await catalogueOf(t, (request, response) => {
      status(request.url?.endsWith('x') ? 500 : 404)(request, response)
    })
    assert.equal(await client.album('gone'), null)
    assert.equal(await client.artist('x'), undefined)
    assert.equal(requests.length, 2)
    assert.equal(client.counts.failures, 0)
  })

  it('never asks for ids that would ask for something else', async t => {
    const { client, requests } = await catalogueOf(t, status(404))
    for (const id of ['', '.', '..', 'x'.repeat(300)]) assert.equal(await client.album(id), null)
    assert.deepEqual(requests, [])
    assert.equal(await client.album('\ud800'), null)
    assert.equal(await client.artist('../albums'), null)
    assert.deepEqual(requests, ['/api/albums/%EF%BF%BD', '/api/artists/..%2Falbums'])
  })

  it('gives the albums of exactly one genre', async t => {
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
    const { client, requests } = await catalogueOf(t, (request, response) => {
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

  it('gives all of a genre, whatever is newer, of a catalogue that knows no expressions too', async t => {
    const newer = Array.from({ length: 600 }, (_, i) => ({ id: `r${i}`, genre: 'Rockabilly' }))
    const own = Array.from({ length: 521 }, (_, i) => ({ id: i, genre: 'Rock' }))
    const finds: Record<string, (genre: string, pattern: string) => boolean> = {
      expressions: (genre, pattern) => new RegExp(pattern, 'i').test(genre),
      text: (genre, text) => genre === text,
    }
    for (const [name, isFound] of Object.entries(finds)) {
      const { client } = await catalogueOf(t, (request, response) => {
        const { searchParams } = new URL(request.url ?? '', 'http://x')
        const found = [...newer, ...own].filter(({ genre }) => isFound(genre, searchParams.get('genre') ?? ''))
        json(response, found.slice(0, Number(searchParams.get('limit') ?? found.length)))
      })
      assert.equal((await client.albumsOfGenre('Rock')).length, 521, name)
    }
  })

  it('gives the newest 500 of a genre whose list is too long', async t => {
    const albums = Array.from({ length: 1500 }, (_, id) => ({ ...ALBUM, id, notes: 'x'.repeat(10_000) }))
    const { client } = await catalogueOf(t, (request, response) => {
      const limit = new URL(request.url ?? '', 'http://x').searchParams.get('limit')
      json(response, albums.slice(0, Number(limit ?? albums.length)))
    })
    assert.equal((await client.albumsOfGenre('Rock')).length, 500)
  })

  it('gives all artists', async t => {
    const artists = Array.from({ length: 2000 }, (_, i) => ({
      id: i,
      name: `Artist ${i}`,
      albums: [{ x: 'y'.repeat(900) }],
    }))
    const { client, requests } = await catalogueOf(t, (_request, response) => json(response, artists))
    assert.deepEqual((await client.artists()).at(-1)?.name, 'Artist 1999')
    assert.deepEqual(requests, ['/api/artists'])
  })

  it('refuses a list of artists that is none', async t => {
    const { client } = await catalogueOf(t, (_request, response) => json(response, { artists: [] }))
    assert.equal((await unavailable(client.artists())).unusable, true)
  })

  it('keeps its connection', async t => {
    const { client, seen } = await catalogueOf(t, (request, response) => {
      if (request.url?.endsWith('a1')) json(response, ALBUM)
      else status(404)(request, response)
    })
    for (let i = 0; i < 20; i++) {
      await client.album(i % 2 ? 'a1' : 'gone')
      await turn()
    }
    assert.equal(seen.connections, 1)
  })
})

describe('content client: unusable answers', () => {
  const answers: Record<string, RequestListener> = {
    'a page': (_request, response) => response.end('<!doctype html><title>Hello</title>'),
    'an empty body': (_request, response) => response.end(),
    'broken JSON': (_request, response) => response.end('{"id": "a1", "title": "Nig'),
    'no UTF-8': (_request, response) => response.end(Buffer.from('{"id": "a1", "title": "\xe9"}', 'latin1')),
    'a list': (_request, response) => json(response, [ALBUM]),
    'an error with status 200': (_request, response) => json(response, { error: 'not found' }),
    'another album': (_request, response) => json(response, { ...ALBUM, id: 'a2' }),
    'a redirect': status(302, { location: '/api/albums/a2' }),
    'no content': (_request, response) => response.writeHead(204).end(),
    'status 201': (_request, response) => json(response.writeHead(201), ALBUM),
    'status 401': status(401),
    'status 599': status(599),
    'what is not compressed, as it says': (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(JSON.stringify(ALBUM))
    },
  }
  for (const [name, handler] of Object.entries(answers)) {
    it(`${name}: an error, not tried again and not counted by the breaker`, async t => {
      const { client, requests } = await catalogueOf(t, handler)
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
    'nested deeply': (_request, response) => response.end(`{"id":"a1","x":${'['.repeat(400_000)}`),
  }
  for (const [name, handler] of Object.entries(excessive)) {
    it(`${name}: not tried again, but counted by the breaker`, async t => {
      const { client, requests } = await catalogueOf(t, handler)
      const error = await unavailable(client.album('a1'))
      assert.deepEqual([error.reason, error.unusable], ['error', true], error.message)
      assert.equal(requests.length, 1)
      assert.deepEqual([client.counts.failures, client.counts.retries, client.status().fail_count], [1, 0, 1])
      for (let i = 0; i < 4; i++) await unavailable(client.album('a1'))
      assert.equal((await unavailable(client.album('a1'))).reason, 'open')
    })
  }

  it('a list that is too long in every way it is asked for is counted too', async t => {
    const items = `[${'1,'.repeat(10_001)}1]`
    const { client, requests } = await catalogueOf(t, (_request, response) => response.end(items))
    assert.equal((await unavailable(client.albumsOfGenre('Rock'))).unusable, true)
    assert.deepEqual([requests.length, client.status().fail_count], [2, 1])
  })

  it('what is not HTTP', async t => {
    for (const bytes of ['SSH-2.0-OpenSSH_9\r\n', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`]) {
      const { client } = clientOf(await rawServer(t, bytes))
      const error = await unavailable(client.album('a1'))
      assert.deepEqual([error.reason, error.unusable, client.counts.retries], ['error', true, 0])
    }
  })

  it('a body without an end is not read beyond the limit', async t => {
    let sent = 0
    const endless = function* () {
      for (; ; sent += 65_536) yield Buffer.alloc(65_536, 32)
    }
    const { client } = await catalogueOf(t, (_request, response) => pipeline(endless(), response, () => {}))
    const error = await unavailable(client.album('a1'))
    assert.match(error.message, /more than 1048576 bytes/)
    assert.ok(sent < 64 * 2 ** 20)
  })

  it('a list has room for more than an album', async t => {
    const albums = Array.from({ length: 500 }, (_, id) => ({ ...ALBUM, id, notes: 'x'.repeat(10_000) }))
    const { client } = await catalogueOf(t, (_request, response) => json(response, albums))
    assert.equal((await client.albumsOfGenre('Rock')).length, 500)
  })

  it('a status about an id says nothing about a list', async t => {
    const { client } = await catalogueOf(t, status(500))
    assert.equal((await unavailable(client.albumsOfGenre('Rock'))).unusable, true)
    assert.equal((await unavailable(client.artists())).unusable, true)
    assert.equal(client.status().fail_count, 0)
  })

  it('names that mean something to JavaScript do no harm', async t => {
    const { client } = await catalogueOf(t, (_request, response) => {
      response.end(
        '{"id": "a1", "__proto__": {"title": "P", "polluted": 1}, "toString": null, "tracks": [{"__proto__": []}]}',
      )
    })
    const album = await client.album('a1')
    assert.deepEqual([album?.title, album?.tracks, 'polluted' in {}], [null, [], false])
  })
})

describe('content client: retries', () => {
  for (const code of [502, 503, 504]) {
    it(`tries ${code} again after 1, 2 and 4 seconds`, async t => {
      const times: number[] = []
      const start = Date.now()
      const { client, requests } = await catalogueOf(t, (request, response) => {
        times.push(Date.now() - start)
        status(code)(request, response)
      })
      const failed = unavailable(client.album('a1'))
      for (const [i, delay] of [1000, 2000, 4000].entries()) {
        await until(() => client.counts.retries === i + 1)
        tick(delay - 1)
        await turn()
        await turn()
        assert.equal(requests.length, i + 1)
        tick(1)
      }
      const { reason, unusable } = await failed
      assert.deepEqual([reason, unusable], ['error', false])
      assert.deepEqual(times, [0, 1000, 3000, 7000])
      const { calls, failures, retries, timeouts } = client.counts
      assert.deepEqual({ calls, failures, retries, timeouts }, { calls: 1, failures: 1, retries: 3, timeouts: 0 })
      assert.equal(client.status().fail_count, 1)
    })
  }

  it('gives the answer of a later attempt', async t => {
    const { client, requests } = await catalogueOf(t, (request, response) => {
      if (requests.length < 2) status(503)(request, response)
      else json(response, ALBUM)
    })
    const answer = client.album('a1')
    await until(() => client.counts.retries === 1)
    tick(1000)
    assert.equal((await answer)?.id, 'a1')
    assert.equal(client.status().fail_count, 0)
  })

  const cuts: Record<string, RequestListener> = {
    'before the answer': request => request.socket.destroy(),
    'in the middle of the body': (request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('{"id": "a1",', () => request.socket.destroy())
    },
    'in the middle of a chunked body': (request, response) => {
      response.write('{"id": "a1",', () => request.socket.destroy())
    },
  }
  for (const [name, cut] of Object.entries(cuts)) {
    it(`tries again where the connection is cut ${name}`, async t => {
      const { client, requests } = await catalogueOf(t, (request, response) => {
        if (requests.length < 2) cut(request, response)
        else json(response, ALBUM)
      })
      const answer = client.album('a1')
      await until(() => client.counts.retries === 1)
      tick(1000)
      assert.equal((await answer)?.id, 'a1')
    })
  }

  it('tries again where nobody listens', async t => {
    const server = createSocketServer()
    const url = await listen(t, server)
    await new Promise(resolve => server.close(resolve))
    const { client } = clientOf(url)
    assert.equal((await failCall(client)).reason, 'error')
    assert.deepEqual([client.counts.retries, client.status().fail_count], [3, 1])
  })

  it('gives each attempt 2 seconds, and lets go of it', async t => {
    let closed = 0
    const { client, requests } = await catalogueOf(t, request => request.once('close', () => closed++))
    const failed = unavailable(client.album('a1'))
    for (const [i, delay] of [1000, 2000, 4000, 0].entries()) {
      await until(() => requests.length === i + 1)
      tick(1999)
      await turn()
      assert.equal(client.counts.timeouts, i)
      tick(1)
      await until(() => client.counts.timeouts === i + 1 && closed === i + 1)
      if (delay) await until(() => client.counts.retries === i + 1)
      tick(delay)
    }
    assert.equal((await failed).reason, 'timeout')
    assert.equal(client.status().fail_count, 1)
  })

  it('lets a body take no longer than the attempt', async t => {
    const { client, requests } = await catalogueOf(
      t,
      (_request, response) => {
        if (requests.length < 2) response.write('{"id": ')
        else json(response, ALBUM)
      },
      { timeoutMs: 500 },
    )
    const answer = client.album('a1')
    await until(() => requests.length === 1)
    tick(500)
    await until(() => client.counts.retries === 1)
    assert.equal(client.counts.timeouts, 1)
    tick(1000)
    assert.equal((await answer)?.id, 'a1')
  })

  it('says what the last attempt failed of', async t => {
    const { client, requests } = await catalogueOf(t, (request, response) => {
      if (requests.length > 1) status(503)(request, response)
    })
    const failed = unavailable(client.album('a1'))
    await until(() => requests.length === 1)
    tick(2000)
    for (const [i, delay] of [1000, 2000, 4000].entries()) {
      await until(() => client.counts.retries === i + 1)
      tick(delay)
    }
    assert.equal((await failed).reason, 'error')
  })

  it('gives the list of artists more time', async t => {
    const held: ServerResponse[] = []
    const { client } = await catalogueOf(t, (_request, response) => void held.push(response))
    const answer = client.artists()
    await until(() => held.length === 1)
    tick(9999)
    await turn()
    json(held[0]!, [])
    assert.deepEqual(await answer, [])
  })
})

describe('content client: breaker', () => {
  const closed = { state: 'Closed', fail_max: 5, reset_timeout: 30, opened_at: null }

  /** A catalogue that is overloaded until it is told otherwise, with an open circuit in front of it. */
  async function broken(t: TestContext) {
    const now: { answer: RequestListener } = { answer: status(503) }
    const made = await catalogueOf(t, (request, response) => now.answer(request, response))
    for (let i = 0; i < 5; i++) {
      assert.deepEqual(made.client.status(), { ...closed, fail_count: i })
      await failCall(made.client)
    }
    assert.equal(made.requests.length, 20)
    return { ...made, now }
  }

  it('opens after five failed calls, and refuses without a request', async t => {
    const { client, requests } = await broken(t)
    const openedAt = new Date(Date.now()).toISOString()
    const open = { state: 'Open', fail_count: 5, fail_max: 5, reset_timeout: 30, opened_at: openedAt }
    assert.deepEqual(client.status(), open)
    tick(29_999)
    assert.equal((await unavailable(client.album('a2'))).reason, 'open')
    assert.equal((await unavailable(client.artists())).reason, 'open')
    assert.deepEqual([requests.length, client.counts.rejectedOpen], [20, 2])
    tick(1)
    assert.deepEqual(client.status(), open)
  })

  it('lets one call try after 30 seconds, refuses the others meanwhile, and closes', async t => {
    const { client, requests, now } = await broken(t)
    const held: ServerResponse[] = []
    now.answer = (_request, response) => void held.push(response)
    tick(30_000)
    const trial = client.album('a1')
    const others = ['a2', 'a3', 'a4'].map(id => unavailable(client.album(id)))
    for (const other of others) assert.equal((await other).reason, 'open')
    await until(() => held.length === 1)
    assert.equal(client.status().state, 'Half-Open')
    assert.notEqual(client.status().opened_at, null)
    json(held[0]!, ALBUM)
    assert.equal((await trial)?.id, 'a1')
    assert.equal(requests.length, 21)
    assert.deepEqual(client.status(), { ...closed, fail_count: 0 })
  })

  it('opens again, for another 30 seconds, where the one call fails after its retries', async t => {
    const { client, requests } = await broken(t)
    tick(30_000)
    assert.equal((await failCall(client)).reason, 'error')
    assert.equal(requests.length, 24)
    const { state, fail_count, opened_at } = client.status()
    assert.deepEqual([state, fail_count, opened_at], ['Open', 6, new Date(Date.now()).toISOString()])
    tick(29_999)
    assert.equal((await unavailable(client.album('a1'))).reason, 'open')
    tick(1)
    await failCall(client)
    assert.equal(requests.length, 28)
  })

  const replies: Record<string, RequestListener> = {
    404: status(404),
    500: status(500),
    429: status(429),
    'an unusable answer': (_request, response) => response.end('<html>'),
  }
  for (const [name, reply] of Object.entries(replies)) {
    it(`closes where the one call is answered with ${name}`, async t => {
      const { client, now } = await broken(t)
      tick(30_000)
      now.answer = reply
      await client.album('a1').catch(() => {})
      assert.deepEqual(client.status(), { ...closed, fail_count: 0 })
    })
  }

  it('counts failed calls in a row only', async t => {
    const now: { answer: RequestListener } = { answer: status(503) }
    const { client } = await catalogueOf(t, (request, response) => now.answer(request, response))
    for (let i = 0; i < 4; i++) await failCall(client)
    assert.equal(client.status().fail_count, 4)
    now.answer = status(404)
    assert.equal(await client.album('a1'), null)
    assert.equal(client.status().fail_count, 0)
    now.answer = status(503)
    for (let i = 0; i < 4; i++) await failCall(client)
    assert.equal(client.status().state, 'Closed')
  })

  it('lets no call go on trying once the circuit is open', async t => {
    const { client, requests } = await catalogueOf(t, status(503))
    const first = Array.from({ length: 5 }, () => unavailable(client.album('a1')))
    await until(() => client.counts.retries === 5)
    tick(500)
    const later = unavailable(client.album('a1'))
    await until(() => client.counts.retries === 6)
    for (const [ms, retries] of [
      [500, 11],
      [500, 12],
      [1500, 17],
      [500, 18],
    ] as const) {
      tick(ms)
      await until(() => client.counts.retries === retries)
    }
    tick(3500)
    for (const failed of first) assert.equal((await failed).reason, 'error')
    assert.equal(client.status().state, 'Open')
    tick(500)
    assert.equal((await later).reason, 'open')
    assert.equal(requests.length, 23)
  })
})

describe('content client: limits', () => {
  it('has 16 calls at a time, lets 500 wait, and refuses more', async t => {
    let under_way = 0
    let most = 0
    const { client, requests } = await catalogueOf(t, (_request, response) => {
      most = Math.max(most, ++under_way)
      setImmediate(() => {
        under_way--
        json(response, { title: 'X' })
      })
    })
    const calls = await Promise.allSettled(Array.from({ length: 600 }, (_, i) => client.album(`a${i}`)))
    const refused = calls.filter(({ status }) => status === 'rejected')
    assert.equal(refused.length, 84)
    assert.ok(refused.every(call => call.status === 'rejected' && call.reason.reason === 'error'))
    assert.equal(requests.length, 516)
    assert.ok(most <= 16, String(most))
    assert.equal(client.status().fail_count, 0)
  })
})

describe('content client: pauses', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString()
  const epoch = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds)
  const pauses: [string, () => Record<string, string>, number][] = [
    ['Retry-After in seconds', () => ({ 'retry-after': '7' }), 7],
    ['Retry-After as a date', () => ({ 'retry-after': inSeconds(9) }), 9],
    ['RateLimit-Reset', () => ({ 'ratelimit-reset': '12' }), 12],
    ['Retry-After, whatever the other says', () => ({ 'retry-after': '7', 'ratelimit-reset': '12' }), 7],
    ['Retry-After, though the other is sooner', () => ({ 'retry-after': '13', 'ratelimit-reset': '12' }), 13],
    ['the one that makes sense', () => ({ 'retry-after': 'soon', 'ratelimit-reset': '12' }), 12],
    ['Retry-After beside a moment', () => ({ 'retry-after': '2', 'ratelimit-reset': epoch(40) }), 2],
    ['a RateLimit-Reset that is a moment in seconds', () => ({ 'ratelimit-reset': epoch(40) }), 40],
    ['a RateLimit-Reset that is a moment in milliseconds', () => ({ 'ratelimit-reset': `${epoch(40)}000` }), 40],
    ['an X-RateLimit-Reset that is a moment', () => ({ 'x-ratelimit-reset': epoch(40) }), 40],
    ['the reset of a combined header', () => ({ ratelimit: 'limit=150, remaining=0, reset=17' }), 17],
    ['the time of a named policy', () => ({ ratelimit: '"default";r=0;t=18' }), 18],
    ['a second where the moment is past', () => ({ 'ratelimit-reset': epoch(-40) }), 1],
    ['a minute where nothing is said', () => ({}), 60],
    ['a minute where nonsense is said', () => ({ 'retry-after': 'soon', 'ratelimit-reset': '-5' }), 60],
    ['five minutes at most', () => ({ 'retry-after': '86400' }), 300],
    ['five minutes at most, till whatever moment', () => ({ 'ratelimit-reset': epoch(86_400) }), 300],
    ['a second at least', () => ({ 'retry-after': '0' }), 1],
    ['a second where the date is past', () => ({ 'retry-after': inSeconds(-9) }), 1],
  ]
  for (const [name, headers, seconds] of pauses) {
    it(`429 pauses all calls for ${name}`, async t => {
      tick(1000 - (Date.now() % 1000))
      const { client, requests } = await catalogueOf(t, (request, response) => {
        if (requests.length < 2) status(429, headers())(request, response)
        else json(response, ALBUM)
      })
      assert.equal(client.pausedMs, 0)
      assert.equal((await unavailable(client.album('a1'))).reason, 'paused')
      assert.equal(client.pausedMs, seconds * 1000)
      tick(seconds * 1000 - 1)
      assert.equal((await unavailable(client.album('a1'))).reason, 'paused')
      assert.equal((await unavailable(client.artists())).reason, 'paused')
      assert.equal(requests.length, 1)
      tick(1)
      assert.equal(client.pausedMs, 0)
      assert.equal((await client.album('a1'))?.id, 'a1')
      assert.deepEqual([client.counts.retries, client.counts.failures, client.counts.rejectedPaused], [0, 0, 3])
      assert.equal(client.status().fail_count, 0)
    })
  }

  it('is not shortened by an answer that asks for less', async t => {
    const { client } = await catalogueOf(t, (request, response) => {
      status(429, { 'retry-after': request.url?.at(-1) ?? '' })(request, response)
    })
    for (const call of ['5', '9', '3'].map(id => unavailable(client.album(id)))) await call
    assert.equal(client.pausedMs, 9000)
    tick(9000)
  })

  it('lasts as long as it was said to, whatever happens to the clock', async t => {
    let wall = Date.now()
    const paused = { 'retry-after': '60' }
    const options = { clock: () => wall }
    const { client } = await catalogueOf(t, status(429, paused), options)
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

  it('stops those that are trying again, and those that wait', async t => {
    const { client, requests } = await catalogueOf(t, (request, response) => {
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
})
