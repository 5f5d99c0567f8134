import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { sharedApp, startApp } from '../support/start-app.ts'

interface Row {
  at: string
  seq: number
  eventType: string
  counts: number
  trackKey: string | null
  albumId: string | null
  title: string | null
  listener: string | null
  amount: number | null
  currency: string | null
}

interface Page {
  items: Row[]
  nextCursor: string | null
  definitions: string
}

const artistId = 'artist-with-events'
const USER = 'anna@example.org'

/** A play, a like of the same listener whose event ids name the user, an anonymous follow, and an order. */
const EVENTS = [
  { ...PLAY, metadata: { artistId, albumId: 'ev1' } },
  { ...PLAY, eventType: 'track.liked', entityId: 'ev1_1', metadata: { artistId, albumId: 'ev1' } },
  { ...PLAY, eventType: 'artist.followed', entityType: 'artist', entityId: artistId, anonymous: true, metadata: {} },
  {
    ...PLAY,
    eventType: 'order.paid',
    entityType: 'order',
    entityId: 'o',
    metadata: { items: [{ artistId, price: 9.99 }] },
  },
].map((event, i) => ({ ...event, eventId: `${i}-${USER}`, userId: USER, timestamp: `2026-11-24T10:00:0${i}Z` }))

async function withEvents(): Promise<string> {
  const { url, services } = await sharedApp()
  await json(await postBatch(url, EVENTS))
  await until(async () => (await services.health()).projector.lagEvents === 0)
  return `${url}/api/stats/artist/${artistId}/events`
}

test('counted events are listed newest first, with a pseudonym in place of the user', async () => {
  const url = await withEvents()
  const response = await fetch(`${url}?tz=Europe/Madrid`)
  const text = await response.clone().text()
  assert.doesNotMatch(text, /anna/)
  const { items, nextCursor, definitions } = await json<Page>(response)
  assert.equal(nextCursor, null)
  assert.equal(typeof definitions, 'string')
  assert.deepEqual(
    items.map(({ at, eventType, counts, trackKey, albumId, amount, currency }) => [
      at.slice(17, 19),
      eventType,
      counts,
      trackKey,
      albumId,
      amount,
      currency,
    ]),
    [
      ['03', 'order.paid', 1, null, null, 9.99, 'EUR'],
      ['02', 'artist.followed', 1, null, null, null, null],
      ['01', 'track.liked', 1, 'ev1_1', 'ev1', null, null],
      ['00', 'track.played', 1, 'ev1_1', 'ev1', null, null],
    ],
  )
  const [order, follow, like, play] = items.map(({ listener }) => listener)
  assert.match(String(order), /^listener-[0-9a-z]{10}$/)
  assert.deepEqual([follow, like, play], [null, order, order])
})

test('counted events come in pages', async () => {
  const url = await withEvents()
  const all: Row[] = []
  let cursor = ''
  do {
    const page = await json<Page>(await fetch(`${url}?limit=3&cursor=${cursor}`))
    all.push(...page.items)
    cursor = page.nextCursor ?? ''
  } while (cursor)
  assert.deepEqual(all, (await json<Page>(await fetch(url))).items)
})

test('counted events are chosen by measure, track, album and range', async () => {
  const url = await withEvents()
  const types = async (query: string) =>
    (await json<Page>(await fetch(`${url}?${query}`))).items.map(({ eventType }) => eventType)
  assert.deepEqual(await types('measure=purchases'), ['order.paid'])
  assert.deepEqual(await types('measure=Likes&trackKey=ev1_1'), ['track.liked'])
  assert.deepEqual(await types('albumId=ev1'), ['track.liked', 'track.played'])
  assert.deepEqual(await types('startDate=2026-11-24T10:00:02Z'), ['order.paid', 'artist.followed'])
  assert.deepEqual(await types('startDate=2026-11-25'), [])
  const { url: service } = await sharedApp()
  const unknown = await json<Page>(await fetch(`${service}/api/stats/artist/unheard-of/events`))
  assert.deepEqual([unknown.items, unknown.nextCursor], [[], null])
})

test('counted events are written as CSV, with the next page in a header', async () => {
  const url = await withEvents()
  const response = await fetch(`${url}?limit=2`, { headers: { accept: 'text/csv' } })
  assert.match(response.headers.get('link') ?? '', /cursor=.+; rel="next"$/)
  const lines = (await response.text()).replace('\uFEFF', '').split('\r\n')
  assert.equal(lines[0], 'at,seq,eventType,measure,counts,trackKey,albumId,title,listener,amount,currency')
  assert.match(String(lines[1]), /^2026-11-24T10:00:03.000Z,\d+,order.paid,purchases,1,,,,listener-\w{10},9.99,EUR$/)
  assert.equal(lines.length, 4)
})

test('counted events refuse wrong parameters with the name of each', async () => {
  const { url } = await sharedApp()
  for (const [query, code, path] of [
    ['measure=skips', 'measure_unknown', 'measure'],
    ['cursor=x', 'cursor_invalid', 'cursor'],
    ['limit=0', 'out_of_range', 'limit'],
    ['startDate=yesterday', 'date_invalid', 'startDate'],
    ['tz=Mars/Base', 'time_zone_unknown', 'tz'],
    ['trackKey=undefined', 'required', 'trackKey'],
  ] as const) {
    const refused = await problem(await fetch(`${url}/api/stats/artist/4/events?${query}`), 400, code)
    assert.equal(refused.errors?.[0]?.path, path)
  }
})

test('where keys are set, only an admin sees counted events', async t => {
  const { url } = await startApp(t, { INGEST_API_KEYS: 'the-key-of-a-writer', ADMIN_API_KEYS: 'the-key-of-an-admin' })
  const asked = `${url}/api/stats/artist/4/events`
  await problem(await fetch(asked), 401, 'key_required')
  await problem(await fetch(asked, { headers: { 'x-api-key': 'the-key-of-a-writer' } }), 401, 'key_invalid')
  await json(await fetch(asked, { headers: { 'x-api-key': 'the-key-of-an-admin' } }))
})
