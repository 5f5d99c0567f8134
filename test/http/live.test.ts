/** The stream of what happens at this moment, and the last 48 hours by minute. */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { LiveAnswer, LiveFigures } from '../../src/live/live-counts.ts'
import { LiveFeed, MAX_STREAMS } from '../../src/live/live-feed.ts'
import { json, PLAY, postBatch, postEvent, problem, until } from '../support/http.ts'
import { RawClient, requestText } from '../support/raw-client.ts'
import { serve, sharedApp, startApp } from '../support/start-app.ts'

const PAGE = 'https://undersounds.example'

interface Message {
  artistId?: string
  at: string
  since: string | null
  events: number
  plays: number
  listeners: number
  tracks: { id: string; title: string | null; albumId: string | null; plays: number }[]
}

/** A stream that is read; it is left at the end of the test. */
class Reader {
  readonly response: Response
  text = ''
  isEnded = false
  readonly #leaving: AbortController

  private constructor(response: Response, leaving: AbortController) {
    this.response = response
    this.#leaving = leaving
    void this.#read()
  }

  static async open(t: TestContext, url: string, query = '', headers: Record<string, string> = {}): Promise<Reader> {
    const leaving = new AbortController()
    t.after(() => leaving.abort())
    const response = await fetch(`${url}/api/stats/live${query}`, { headers, signal: leaving.signal })
    assert.equal(response.status, 200)
    return new Reader(response, leaving)
  }

  get messages(): Message[] {
    return [...this.text.matchAll(/^data: (\{"definitions".*)$/gm)].map(([, data]) => JSON.parse(data!) as Message)
  }

  leave(): void {
    this.#leaving.abort()
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const bytes of this.response.body!) this.text += decoder.decode(bytes, { stream: true })
    } catch {
      // It was left, or cut off.
    }
    this.isEnded = true
  }
}

const sumOf = (messages: readonly Message[], counted: 'events' | 'plays') =>
  messages.reduce((sum, message) => sum + message[counted], 0)

test('all streams of an audience see the same, each event once, and no listener by name', async t => {
  const { url } = await startApp(t, { CORS_ORIGINS: PAGE })
  const headers = { origin: PAGE, 'accept-encoding': 'br, gzip' }
  const platform = await Promise.all([1, 2, 3].map(() => Reader.open(t, url, '', headers)))
  const ofArtist = await Reader.open(t, url, '?artistId=4')
  const others = await Reader.open(t, url, '?artistId=9')
  const all = [...platform, ofArtist, others]
  await until(() => all.every(({ messages }) => messages.length > 0))
  const now = new Date().toISOString()
  const play = { ...PLAY, timestamp: now }
  const follow = { ...play, eventType: 'artist.followed', entityType: 'artist', entityId: '9', metadata: {} }
  await postBatch(url, [
    play,
    { ...play, userId: 'anna@example.org', metadata: { ...play.metadata, title: 'Song' } },
    follow,
  ])
  await until(() => all.every(({ messages }) => messages.at(-1)?.since && sumOf(messages, 'events') > 0))
  await postEvent(url, { ...play, userId: null })
  await until(() => platform.every(({ messages }) => sumOf(messages, 'events') === 4))
  await until(() => ofArtist.messages.some(({ tracks }) => tracks[0]?.plays === 3))
  const [first, ...same] = platform.map(({ messages }) => messages.filter(({ events }) => events > 0))
  for (const messages of same) assert.deepEqual(messages, first)
  assert.equal(sumOf(first!, 'plays'), 3)
  assert.deepEqual([sumOf(ofArtist.messages, 'events'), sumOf(ofArtist.messages, 'plays')], [3, 3])
  assert.deepEqual([sumOf(others.messages, 'events'), sumOf(others.messages, 'plays')], [1, 0])
  const { listeners, tracks, artistId } = ofArtist.messages.at(-1)!
  const track = { id: 'a1_1', title: 'Song', albumId: 'a1', artistName: null, coverImage: null, plays: 3 }
  assert.deepEqual({ listeners, tracks, artistId }, { listeners: 2, tracks: [track], artistId: '4' })
  for (const { text } of all) assert.doesNotMatch(text, /anna|u1/)
})

test('a stream begins at once, is not compressed, may be read by pages, and is for no cache', async t => {
  const { url } = await startApp(t, { CORS_ORIGINS: PAGE })
  const { response, ...reader } = await Reader.open(t, url, '', { origin: PAGE, 'accept-encoding': 'br, gzip' })
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  assert.equal(response.headers.get('content-encoding'), null)
  assert.match(response.headers.get('cache-control') ?? '', /no-store/)
  assert.equal(response.headers.get('access-control-allow-origin'), PAGE)
  assert.ok(response.headers.get('x-request-id'))
  assert.ok(reader)
})

test('HEAD gives the headers of a stream without one, OPTIONS its methods, and bad input 400', async () => {
  const { url } = await sharedApp()
  const head = await fetch(`${url}/api/stats/live`, { method: 'HEAD' })
  assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'text/event-stream'])
  assert.equal(head.headers.get('content-length'), null)
  const options = await fetch(`${url}/api/stats/live`, { method: 'OPTIONS' })
  assert.equal(options.headers.get('allow'), 'GET, HEAD, OPTIONS')
  for (const path of ['live', 'live/history']) {
    const found = await problem(await fetch(`${url}/api/stats/${path}?artistId=`), 400, 'required')
    assert.equal(found.errors?.[0]?.path, 'artistId')
  }
})

test('one thousand streams are open at a time, the next is refused, and who leaves frees the place at once', async t => {
  const { url } = await sharedApp()
  const sockets = Array.from({ length: MAX_STREAMS }, (_, i) => openSocket(url, i % 3 === 0 ? '?artistId=4' : ''))
  t.after(() => {
    for (const { socket } of sockets) socket.destroy()
  })
  await until(() => sockets.every(({ received }) => /\ndata: \{/.test(received())))
  const refused = await fetch(`${url}/api/stats/live`)
  assert.equal(refused.headers.get('retry-after'), '10')
  await problem(refused, 503, 'unavailable')
  sockets[500]!.socket.destroy()
  let reader: Reader | undefined
  await until(async () => {
    reader = await Reader.open(t, url).catch(() => undefined)
    return reader !== undefined
  })
  await until(() => reader!.messages.length > 0)
})

function openSocket(url: string, query: string): { socket: Socket; received: () => string } {
  let received = ''
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.on('data', data => {
    // The beginning is enough.
    if (received.length < 10_000) received += data
  })
  socket.write(requestText('GET', `/api/stats/live${query}`))
  return { socket, received: () => received }
}

/** The service with a feed of its own, whose messages are as long as kernels buffer for nobody. */
async function withLongMessages(t: TestContext) {
  const { services } = await startApp(t)
  const title = 'x'.repeat(4 * 2 ** 20)
  const track = { type: 'track', key: '1', id: '1', trackId: '1', albumId: null, artistName: null, url: null } as const
  const tracks = [{ ...track, title, coverImage: null, enriched: false, plays: 1 }]
  const platform: LiveFigures = { events: 0, plays: 0, listeners: 0, tracks }
  const answer: LiveAnswer = { at: 0, since: null, platform, artists: [] }
  const live = new LiveFeed({
    figures: { liveCounts: async () => answer, forgetLiveCounts: async () => {} },
    catalogue: null,
    definitions: 'v1',
    clock: Date.now,
    log: assert.ifError,
  })
  t.after(() => live.close())
  return serve(t, { ...services, live })
}

test('a reader that does not read is cut off, while another one goes on', async t => {
  const { url } = await withLongMessages(t)
  const silent = await RawClient.send(Number(new URL(url).port), requestText('GET', '/api/stats/live'))
  silent.socket.pause()
  const reader = await Reader.open(t, url)
  const length = () => reader.text.length
  await until(() => length() > 20 * 2 ** 20)
  silent.socket.resume()
  await silent.ended
  assert.ok(silent.socket.bytesRead < 20 * 2 ** 20)
  const before = length()
  await until(() => length() > before + 4 * 2 ** 20)
  assert.equal(reader.isEnded, false)
})

test('when the service stops, streams end with the reason, and a client may connect to another one', async t => {
  const [app, other] = [await startApp(t), await sharedApp()]
  const readers = await Promise.all(['', '?artistId=4'].map(query => Reader.open(t, app.url, query)))
  await until(() => readers.every(({ messages }) => messages.length > 0))
  const begun = performance.now()
  await app.stop()
  assert.ok(performance.now() - begun < 2_000)
  await until(() => readers.every(({ isEnded }) => isEnded))
  for (const { text } of readers) {
    assert.match(text, /^retry: 3000\n\n/)
    assert.match(text, /event: end\ndata: \{"reason":"shutdown"\}\n\n$/)
  }
  const again = await Reader.open(t, other.url)
  await until(() => again.messages.length > 0)
})

test('a stream is not logged as a slow request', async t => {
  const { url, log, stop } = await startApp(t)
  const reader = await Reader.open(t, url)
  await until(() => reader.messages.length > 2)
  await stop()
  const requests = log.filter(({ msg }) => msg === 'request')
  assert.deepEqual(requests, [])
})

test('the history has every minute of 48 hours, of the platform or of an artist, as CSV too', async t => {
  const { url, services } = await startApp(t)
  const timestamp = new Date(Date.now() - 3_600_000).toISOString()
  await postBatch(url, [
    { ...PLAY, timestamp },
    { ...PLAY, timestamp, userId: 'u2', metadata: { artistId: '9' } },
  ])
  await until(async () => (await services.health()).projector.lagEvents === 0)
  const history = async (query: string) => {
    type Minute = Record<'events' | 'plays' | 'listeners', number> & { start: string; end: string }
    return json<{ artistId?: string; series: Minute[]; definitions: string }>(
      await fetch(`${url}/api/stats/live/history${query}`),
    )
  }
  const counted = async (query: string) =>
    (await history(query)).series.filter(({ events }) => events > 0).map(({ start, end, ...counts }) => counts)
  const { series, definitions } = await history('')
  assert.equal(series.length, 2_880)
  assert.ok(definitions)
  assert.deepEqual(await counted(''), [{ events: 2, plays: 2, listeners: 2 }])
  assert.deepEqual(await counted('?artistId=4'), [{ events: 1, plays: 1, listeners: 1 }])
  assert.deepEqual(await counted('?artistId=nobody'), [])
  assert.equal((await history('?artistId=nobody')).artistId, 'nobody')
  const csv = await fetch(`${url}/api/stats/live/history?artistId=4`, { headers: { accept: 'text/csv' } })
  assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/)
  const lines = (await csv.text()).split('\r\n')
  assert.equal(lines.length, 2_882)
  assert.match(lines[0]!, /start,end,events,plays,listeners$/)
  assert.equal(lines.filter(line => line.endsWith('Z,1,1,1')).length, 1)
})
