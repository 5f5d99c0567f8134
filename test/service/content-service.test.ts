/** The stand-in catalogue, over real sockets: tests that use it must be able to believe it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Album, type Artist, type Catalogue, makeCatalogue } from '../../dev/content-service/catalogue.ts'
import type { Fault } from '../../dev/content-service/faults.ts'
import {
  type ContentService,
  type ContentServiceOptions,
  startContentService,
} from '../../dev/content-service/server.ts'
import { json, post } from '../support/http.ts'

type AlbumBody = Omit<Album, 'amended'>
type ArtistBody = Artist & { albums: Pick<Album, 'id' | 'title' | 'genre' | 'tracks' | 'coverImage'>[] }

const HEX_ID = /^[0-9a-f]{24}$/
const MAIN = join(import.meta.dirname, '../../dev/content-service/main.ts')

async function start(t: TestContext, options?: ContentServiceOptions): Promise<ContentService> {
  const service = await startContentService(options)
  t.after(() => service.close())
  return service
}

const albumOf = ({ catalogue }: ContentService, artistId: number | null = 4) =>
  catalogue.albums.find(album => album.artistId === artistId)!

const albumPath = (service: ContentService) => `${service.url}/api/albums/${albumOf(service).id}`

async function error(response: Response, status: number): Promise<void> {
  const body = await json<{ error: string }>(response, status)
  assert.deepEqual(Object.keys(body), ['error'])
  assert.equal(typeof body.error, 'string')
}

/** Status and body as they come. */
async function raw(url: string) {
  const response = await fetch(url)
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

/** A catalogue written by hand: one artist, and an album of each genre, oldest first. */
function albumsOf(...genres: string[]): Catalogue {
  const artist: Artist = {
    _id: '0'.repeat(24),
    id: 4,
    name: 'DJ Beats',
    profileImage: '/assets/profiles/4.svg',
    genre: '',
  }
  const albums = genres.map((genre, i): Album => {
    const id = String(i).padStart(24, '0')
    const updatedAt = new Date(Date.UTC(2020 + i, 0, 1)).toISOString()
    const coverImage = `/assets/covers/${id}.svg`
    return {
      id,
      title: genre,
      artist: artist.name,
      artistId: 4,
      genre,
      coverImage,
      price: 9.99,
      releaseYear: 2020,
      tracks: [],
      updatedAt,
    }
  })
  return { artists: [artist], albums }
}

const genresAt = async (url: string) => (await json<AlbumBody[]>(await fetch(url))).map(({ genre }) => genre)

describe('the invented catalogue', () => {
  it('is the same for the same seed only', () => {
    assert.deepEqual(makeCatalogue({ seed: 7 }), makeCatalogue({ seed: 7 }))
    assert.notDeepEqual(makeCatalogue({ seed: 7 }), makeCatalogue({ seed: 8 }))
  })

  it('has the cases that are hard', () => {
    for (const seed of [-3, 1, 2 ** 31]) {
      const { artists, albums } = makeCatalogue({ seed })
      assert.deepEqual(
        artists.map(({ id }) => id),
        Array.from({ length: 40 }, (_, i) => i + 1),
      )
      assert.equal(artists[3]!.name, 'DJ Beats')
      assert.equal(artists[1]!.name, artists[4]!.name)
      assert.equal(new Set(artists.map(({ name }) => name)).size, 39)
      assert.equal(new Set([...artists.map(({ _id }) => _id), ...albums.map(({ id }) => id)]).size, 40 + albums.length)
      for (const genre of ['Rock', 'Rockabilly', 'R&B', 'C++', 'Drum & Bass', 'Electrónica']) {
        assert.ok(
          albums.some(album => album.genre === genre),
          genre,
        )
      }
      for (const { id } of artists) assert.ok(albums.some(({ artistId }) => artistId === id))
      const names = new Set(artists.map(({ name }) => name))
      assert.ok(albums.filter(({ artistId }) => artistId === null).every(({ artist }) => names.has(artist)))
      assert.ok(albums.some(({ artistId }) => artistId === null))
      assert.ok(albums.some(({ tracks }) => tracks.some(({ autor }) => autor.includes(', '))))
    }
  })

  it('has the size that is asked for', () => {
    const { artists, albums } = makeCatalogue({ artists: 500, albums: 2, tracks: 3 })
    assert.equal(artists.length, 500)
    assert.equal(new Set(artists.map(({ name }) => name)).size, 499)
    assert.ok(albums.length <= 500 * 2 + 100)
    assert.ok(albums.every(({ tracks }) => tracks.length >= 1 && tracks.length <= 3))
  })
})

describe('answers', () => {
  it('gives an album', async (t: TestContext) => {
    const service = await start(t)
    const response = await fetch(albumPath(service))
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
    const album = await json<AlbumBody>(response)
    assert.match(album.id, HEX_ID)
    assert.equal(album.artist, 'DJ Beats')
    assert.equal(album.artistId, 4)
    assert.equal(album.coverImage, `${service.url}/assets/covers/${album.id}.svg`)
    assert.equal(new Date(album.updatedAt).toISOString(), album.updatedAt)
    const keys = [
      'id',
      'title',
      'artist',
      'artistId',
      'genre',
      'coverImage',
      'price',
      'releaseYear',
      'tracks',
      'updatedAt',
    ]
    assert.deepEqual(Object.keys(album), keys)
    assert.deepEqual(
      album.tracks.map(({ id }) => id),
      album.tracks.map((_, i) => i + 1),
    )
    const { duration, ...track } = album.tracks[0]!
    assert.match(duration, /^\d:\d\d$/)
    assert.deepEqual(Object.keys(track), ['id', 'title', 'url', 'autor', 'n_reproducciones', 'price'])

    const unnumbered = await fetch(`${service.url}/api/albums/${albumOf(service, null).id}`)
    assert.equal((await json<AlbumBody>(unnumbered)).artistId, null)
    await error(await fetch(`${service.url}/api/albums/${'f'.repeat(24)}`), 404)
    await error(await fetch(`${service.url}/api/albums/%zz`), 400)
    await error(await fetch(`${service.url}/api/songs`), 404)
    await error(await post(`${service.url}/api/albums`, {}), 404)
  })

  it('gives an artist with the albums of its number', async (t: TestContext) => {
    const service = await start(t)
    const artist = await json<ArtistBody>(await fetch(`${service.url}/api/artists/4`))
    assert.deepEqual(Object.keys(artist), ['_id', 'id', 'name', 'profileImage', 'genre', 'albums'])
    assert.match(artist._id, HEX_ID)
    assert.equal(artist.id, 4)
    assert.equal(artist.profileImage, `${service.url}/assets/profiles/4.svg`)
    const own = service.catalogue.albums.filter(({ artistId }) => artistId === 4)
    assert.deepEqual(
      artist.albums.map(({ id }) => id),
      own.map(({ id }) => id),
    )
    assert.deepEqual(Object.keys(artist.albums[0]!), ['id', 'title', 'genre', 'tracks', 'coverImage'])

    await error(await fetch(`${service.url}/api/artists/9999`), 404)
    await error(await fetch(`${service.url}/api/artists/${artist._id.replace(/^./, 'f')}`), 500)
    await error(await fetch(`${service.url}/api/artists/abc`), 500)
  })

  it('shows e-mail addresses only when told to', async (t: TestContext) => {
    const service = await start(t, { emails: true, artists: 5 })
    const artist = await json<ArtistBody>(await fetch(`${service.url}/api/artists/4`))
    assert.equal(artist.email, 'artist4@example.com')
  })

  it('gives all artists, albums included', async (t: TestContext) => {
    const service = await start(t, { artists: 12 })
    const artists = await json<ArtistBody[]>(await fetch(`${service.url}/api/artists`))
    assert.equal(artists.length, 12)
    assert.deepEqual(artists[3], await json(await fetch(`${service.url}/api/artists/4`)))
  })

  it('finds albums by an expression, newest first', async (t: TestContext) => {
    const service = await start(t, { catalogue: albumsOf('Rock', 'R&B', 'Rockabilly', 'Música', 'C++') })
    const url = `${service.url}/api/albums`
    assert.deepEqual(await genresAt(`${url}?genre=rock`), ['Rockabilly', 'Rock'])
    assert.deepEqual(await genresAt(`${url}?genre=${encodeURIComponent('^rock$')}`), ['Rock'])
    assert.deepEqual(await genresAt(`${url}?genre=rock&limit=1`), ['Rockabilly'])
    assert.deepEqual(await genresAt(`${url}?genre=R%26B`), ['R&B'])
    assert.deepEqual(await genresAt(`${url}?genre=m%C3%BAsica`), ['Música'])
    assert.deepEqual(await genresAt(`${url}?genre=Polka`), [])
    assert.deepEqual(await genresAt(url), ['C++', 'Música', 'Rockabilly', 'R&B', 'Rock'])
    assert.deepEqual(await genresAt(`${url}?limit=2`), ['C++', 'Música'])
    await error(await fetch(`${url}?genre=C%2B%2B`), 500)
    await error(await fetch(`${url}?genre=R&B`), 500)
  })

  it('draws covers and profiles of any text', async (t: TestContext) => {
    const catalogue = albumsOf('<script>&"\u0000')
    const service = await start(t, { catalogue })
    const cover = await raw((await json<AlbumBody>(await fetch(albumPath(service)))).coverImage)
    assert.equal(cover.status, 200)
    assert.equal(cover.type, 'image/svg+xml; charset=utf-8')
    assert.ok(cover.text.includes('>&lt;script&gt;&amp;&quot; </text>'), cover.text)
    assert.ok((await raw(`${service.url}/assets/profiles/4.svg`)).text.includes('DJ Beats'))
    await error(await fetch(`${service.url}/assets/profiles/5.svg`), 404)
  })

  it('serves another catalogue when told to, amended as its fields say', async (t: TestContext) => {
    const service = await start(t)
    const catalogue = albumsOf('Rock')
    catalogue.albums[0]!.amended = { id: undefined, _id: 'a1', name: 'Other name' }
    catalogue.albums[0]!.coverImage = 'https://elsewhere.example/x.png'
    service.setCatalogue(catalogue)
    const album = await json<Record<string, unknown>>(await fetch(albumPath(service)))
    assert.equal(album._id, 'a1')
    assert.equal(album.name, 'Other name')
    assert.equal(album.coverImage, 'https://elsewhere.example/x.png')
    assert.ok(!('id' in album) && !('amended' in album))
  })
})

describe('the rate limit', () => {
  const rateOf = ({ headers }: Response) =>
    ['limit', 'remaining', 'reset'].map(name => headers.get(`ratelimit-${name}`)).join(' ')

  it('allows 150 requests in a minute and says how many are left', async (t: TestContext) => {
    const time = { now: 1_000_000 }
    const service = await start(t, { clock: () => time.now, artists: 5 })
    const ask = async (path = '/api/artists/1') => {
      const response = await fetch(service.url + path)
      await response.text()
      return response
    }
    assert.equal(rateOf(await ask()), '150 149 60')
    time.now += 10_500
    assert.equal(rateOf(await ask('/api/artists/x')), '150 148 50')
    for (let i = 0; i < 5; i++) assert.equal(rateOf(await ask('/assets/profiles/1.svg')), '  ')
    for (let i = 2; i < 150; i++) assert.notEqual((await ask()).status, 429)

    const refused = await ask()
    assert.equal(refused.status, 429)
    assert.equal(rateOf(refused), '150 0 50')
    assert.equal(refused.headers.get('retry-after'), '50')
    assert.equal((await ask('/assets/profiles/1.svg')).status, 200)
    time.now += 49_500
    const next = await ask()
    assert.equal(next.status, 200)
    assert.equal(rateOf(next), '150 149 60')
    assert.equal(next.headers.get('retry-after'), null)
  })

  it('is another one, or none', async (t: TestContext) => {
    const service = await start(t, { requestsPerMinute: null, artists: 5 })
    const ask = () => fetch(`${service.url}/api/artists/1`)
    assert.equal(rateOf(await ask()), '  ')
    service.setFault({ kind: 'rate', requestsPerMinute: 1 })
    service.setFault({ kind: 'status', status: 503, times: 1 })
    assert.equal(rateOf(await ask()), '1 0 60')
    assert.equal((await ask()).status, 429)
    service.clearFaults()
    assert.equal(rateOf(await ask()), '  ')
  })
})

describe('faults', () => {
  it('answers with a status, a number of times and for a path', async (t: TestContext) => {
    const service = await start(t)
    service.setFault({ kind: 'status', status: 503, headers: { 'retry-after': '7' }, path: '/api/albums', times: 2 })
    assert.equal((await raw(`${service.url}/api/artists/4`)).status, 200)
    const response = await fetch(albumPath(service))
    assert.equal(response.headers.get('retry-after'), '7')
    await error(response, 503)
    await error(await fetch(`${service.url}/api/albums?genre=Rock`), 503)
    assert.equal((await raw(albumPath(service))).status, 200)
  })

  it('prefers the fault of the more exact path', async (t: TestContext) => {
    const service = await start(t, { artists: 12 })
    const status = async (path: string) => (await raw(service.url + path)).status
    service.setFault({ kind: 'status', status: 503 })
    service.setFault({ kind: 'status', status: 502, path: '/api/artists' })
    service.setFault({ kind: 'status', status: 504, path: '/api/artists/1' })
    service.setFault({ kind: 'status', status: 500, path: '/api/albums?' })
    assert.equal(await status('/api/artists'), 502)
    assert.equal(await status('/api/artists/1'), 504)
    assert.equal(await status('/api/artists/12'), 502)
    assert.equal(await status('/api/albums'), 503)
    assert.equal(await status('/api/albums?genre=Rock'), 500)
    assert.equal(await status('/assets/profiles/1.svg'), 200)
    service.setFault({ kind: 'status', status: 500, path: '/assets' })
    assert.equal(await status('/assets/profiles/1.svg'), 500)
    service.clearFaults()
    assert.equal(await status('/api/artists/1'), 200)
  })

  it('answers late', async (t: TestContext) => {
    const service = await start(t)
    service.setFault({ kind: 'delay', ms: 150, times: 1 })
    const begun = performance.now()
    assert.equal((await raw(albumPath(service))).status, 200)
    assert.ok(performance.now() - begun >= 145)
  })

  it('never answers', async (t: TestContext) => {
    const service = await start(t)
    service.setFault({ kind: 'hang' })
    await assert.rejects(fetch(albumPath(service), { signal: AbortSignal.timeout(150) }), { name: 'TimeoutError' })
    const pending = assert.rejects(fetch(albumPath(service)))
    await wait(50)
    await service.close()
    await pending
  })

  it('breaks off in the middle', async (t: TestContext) => {
    const service = await start(t)
    service.setFault({ kind: 'cut', times: 1 })
    const response = await fetch(albumPath(service))
    assert.equal(response.status, 200)
    await assert.rejects(response.text())
    assert.equal((await raw(albumPath(service))).status, 200)
  })

  it('answers with what is no catalogue data', async (t: TestContext) => {
    const service = await start(t)
    const answered = (fault: Fault, url = albumPath(service)) => {
      service.setFault(fault)
      return raw(url)
    }
    const garbage = await answered({ kind: 'garbage' })
    assert.deepEqual([garbage.status, garbage.type], [200, 'text/html; charset=utf-8'])
    assert.throws(() => JSON.parse(garbage.text))
    const empty = await answered({ kind: 'empty' })
    assert.deepEqual([empty.status, empty.text], [200, ''])
    assert.equal((await answered({ kind: 'emptyList' })).text, '{}')
    assert.equal((await answered({ kind: 'emptyList' }, `${service.url}/api/albums?genre=Rock`)).text, '[]')
  })

  it('answers with very much', async (t: TestContext) => {
    const service = await start(t)
    service.setFault({ kind: 'huge' })
    const response = await fetch(albumPath(service))
    assert.equal(response.headers.get('content-length'), null)
    const text = await response.text()
    assert.ok(text.length > 10_000_000 && text.length < 10_100_000)
    assert.equal(JSON.parse(text).artist, 'DJ Beats')
    service.setFault({ kind: 'huge', bytes: 100 })
    const list = await json<unknown[]>(await fetch(`${service.url}/api/albums?limit=2`))
    assert.equal(list.length, 3)
  })

  it('answers with wrong types', async (t: TestContext) => {
    const service = await start(t)
    const right = await json(await fetch(albumPath(service)))
    service.setFault({ kind: 'wrongTypes' })
    const wrong = await json(await fetch(albumPath(service)))
    assert.deepEqual(Object.keys(wrong), Object.keys(right))
    for (const [name, value] of Object.entries(wrong)) {
      assert.notEqual(
        [typeof value, Array.isArray(value)].join(),
        [typeof right[name], Array.isArray(right[name])].join(),
      )
    }
    service.setFault({ kind: 'wrongTypes', deep: true })
    const { tracks } = await json<{ tracks: unknown[] }>(await fetch(albumPath(service)))
    assert.equal(typeof (tracks[0] as { id: unknown }).id, 'object')
    assert.ok(tracks.includes(null))
  })

  it('answers with prototype keys', async (t: TestContext) => {
    const service = await start(t)
    const right = await json(await fetch(albumPath(service)))
    service.setFault({ kind: 'proto' })
    const { text } = await raw(albumPath(service))
    const tracks = albumOf(service).tracks.length
    assert.equal(text.split('"__proto__":{"polluted":true}').length - 1, 1 + tracks)
    assert.equal(text.split('"constructor":').length - 1, 1 + tracks)
    assert.equal(JSON.parse(text).title, right.title)
  })

  it('takes faults by HTTP', async (t: TestContext) => {
    const service = await start(t)
    const set = (fault: unknown) => post(`${service.url}/faults`, fault)
    await json(await set({ kind: 'status', status: 503, times: 3, path: '/api/albums' }))
    await error(await fetch(albumPath(service)), 503)
    await json(await fetch(`${service.url}/faults`, { method: 'DELETE' }))
    assert.equal((await raw(albumPath(service))).status, 200)
    await json(await set({ kind: 'rate', requestsPerMinute: 0 }))
    assert.equal((await raw(albumPath(service))).status, 429)
    for (const wrong of ['{', null, {}, { kind: 'status' }, { kind: 'hang', times: 0 }, { kind: 'hang', times: '1' }]) {
      await error(await set(wrong), 400)
    }
    await error(await fetch(`${service.url}/faults`), 405)
    assert.ok(service.requests.every(({ path }) => path !== '/faults'))
  })
})

describe('the record of the requests', () => {
  /** Of one connection, which is kept. */
  function ask(url: string, agent: Agent): Promise<void> {
    return new Promise((resolve, reject) => {
      get(url, { agent, headers: { 'x-test': 'yes' } }, response => response.resume().once('end', resolve)).once(
        'error',
        reject,
      )
    })
  }

  it('says what came over which connection', async (t: TestContext) => {
    const time = { now: 5 }
    const service = await start(t, { clock: () => time.now, artists: 5 })
    for (const socketId of [1, 2]) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      await ask(`${service.url}/api/albums?genre=R%26B`, agent)
      time.now++
      await ask(`${service.url}/api/artists/4`, agent)
      agent.destroy()
      assert.equal(service.connections, socketId)
    }
    const seen = service.requests.map(({ method, path, at, socketId }) => `${method} ${path} ${at} ${socketId}`)
    assert.deepEqual(seen, [
      'GET /api/albums?genre=R%26B 5 1',
      'GET /api/artists/4 6 1',
      'GET /api/albums?genre=R%26B 6 2',
      'GET /api/artists/4 7 2',
    ])
    assert.equal(service.requests[0]!.headers['x-test'], 'yes')
  })

  it('keeps the latest 10,000', async (t: TestContext) => {
    const service = await start(t, { requestsPerMinute: null, artists: 0 })
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    t.after(() => agent.destroy())
    await ask(`${service.url}/api/artists/1`, agent)
    await Promise.all(Array.from({ length: 10_001 }, () => ask(`${service.url}/api/artists/2`, agent)))
    await ask(`${service.url}/api/artists/3`, agent)
    assert.equal(service.requests.length, 10_000)
    assert.equal(service.requests[0]!.path, '/api/artists/2')
    assert.equal(service.requests.at(-1)!.path, '/api/artists/3')
  })
})

describe('stopping', () => {
  it('frees the port for another', async (t: TestContext) => {
    const first = await start(t)
    const port = Number(new URL(first.url).port)
    await assert.rejects(startContentService({ port }), { code: 'EADDRINUSE' })
    await (await fetch(`${first.url}/api/artists/4`)).text()
    await first.close()
    await first.close()
    await assert.rejects(fetch(first.url))
    const second = await start(t, { port })
    assert.equal(second.url, first.url)
  })

  it('runs by itself until a signal', async (t: TestContext) => {
    const child = spawn(process.execPath, [MAIN], { env: { PORT_CONTENT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
    t.after(() => child.kill('SIGKILL'))
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const found = /^Content service at (\S+) \(artist (\d+), album (\w{24}), genre (.+)\)\n$/.exec(String(line))
    assert.ok(found, String(line))
    const [, url, artist, album, genre] = found
    assert.equal((await json<AlbumBody>(await fetch(`${url}/api/albums/${album}`))).artistId, Number(artist))
    assert.ok((await genresAt(`${url}/api/albums?genre=${encodeURIComponent(genre!)}`)).length > 0)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })

  it('says what is wrong with its port', async () => {
    const child = spawn(process.execPath, [MAIN], { env: { PORT_CONTENT: 'x' }, stdio: ['ignore', 'ignore', 'pipe'] })
    const [line] = (await once(child.stderr, 'data')) as [Buffer]
    assert.match(String(line), /PORT_CONTENT must be a whole number from 0 to 65535/)
    assert.deepEqual(await once(child, 'exit'), [1, null])
  })
})
