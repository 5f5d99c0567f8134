import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { startApp } from '../support/start-app.ts'

type Row = Record<string, unknown>

async function withEvents(t: Parameters<typeof startApp>[0]): Promise<string> {
  const { url, services } = await startApp(t)
  const now = new Date().toISOString()
  const follow = { eventType: 'artist.followed', timestamp: now, entityType: 'artist', entityId: '4' }
  const play = { ...PLAY, timestamp: now }
  const rock = { ...play, metadata: { ...play.metadata, genre: 'Rock' } }
  const other = { ...play, userId: 'u2', entityId: '2' }
  assert.equal((await json(await postBatch(url, [rock, rock, other, follow]))).accepted, 4)
  await until(async () => (await services.health()).projector.lagEvents === 0)
  return url
}

test('KPIs have figures, a series and a comparison, and zeros for an unknown artist', async t => {
  const url = await withEvents(t)
  const kpis = async (query: string) => json<Row>(await fetch(`${url}/api/stats/artist/${query}`))
  const { artistId, period, plays, uniqueListeners, follows, revenue } = await kpis('4/kpis')
  assert.deepEqual([artistId, period, plays, uniqueListeners, follows, revenue], ['4', null, 3, 2, 1, 0])
  const today = new Date().toISOString().slice(0, 10)
  const ranged = await kpis(`4/kpis?startDate=${today}&endDate=${today}&interval=hour&compare=previous&tz=UTC`)
  assert.equal((ranged.series as Row[]).length, 24)
  assert.equal((ranged.previous as Row).plays, 0)
  assert.equal((await kpis('nobody/kpis?startDate=')).plays, 0)
  // Unknown parameters are ignored, whatever their name means elsewhere.
  for (const query of ['artistId=nobody', 'artistId=nobody&artistId=4']) {
    assert.deepEqual(await kpis(`4/kpis?${query}`), await kpis('4/kpis'))
  }
})

test('KPIs return 400 with the name of a wrong parameter', async t => {
  const { url } = await startApp(t)
  for (const [name, query] of Object.entries({
    startDate: 'startDate=yesterday',
    tz: 'tz=Mars/Base',
    interval: 'interval=decade',
    compare: 'compare=next',
  })) {
    const response = await fetch(`${url}/api/stats/artist/4/kpis?${query}`)
    const body = await json<{ code: string; errors: { path: string }[] }>(response, 400)
    assert.equal(body.errors[0]?.path, name)
  }
  const twice = await fetch(`${url}/api/stats/artist/4/kpis?tz=UTC&tz=UTC`)
  assert.equal((await problem(twice, 400, 'wrong_type')).errors?.[0]?.path, 'tz')
})

test('trending ranks what the parameters name, or tracks of a musical genre', async t => {
  const url = await withEvents(t)
  const rows = async (query: string) => json<Row[]>(await fetch(`${url}/api/stats/trending?${query}`))
  const ids = (found: Row[]) => found.map(({ type, id, count, rank }) => [type, id, count, rank])
  const tracks = await rows('')
  assert.deepEqual(ids(tracks), [
    ['track', 'a1_1', 2, 1],
    ['track', 'a1_2', 1, 2],
  ])
  assert.deepEqual([tracks[0]?.key, tracks[0]?.trackId], ['a1_1', '1'])
  assert.deepEqual(ids(await rows('genre=tracks&period=day&limit=1')), [['track', 'a1_1', 2, 1]])
  assert.deepEqual(ids(await rows('genre=artists')), [['artist', '4', 1, 1]])
  assert.deepEqual(ids(await rows('type=albums')), [['album', 'a1', 3, 1]])
  assert.equal(
    (await rows('genre=rock')).some(row => row.id === 'a1_1'),
    true,
  )
  assert.deepEqual(await rows('genre=Polka'), [])
  assert.equal(typeof (await rows('mode=rising'))[0]?.score, 'number')
})

test('trending returns 400 for wrong parameters', async t => {
  const { url } = await startApp(t)
  for (const [query, code, path] of [
    ['period=decade', 'period_unknown', 'period'],
    ['mode=falling', 'mode_unknown', 'mode'],
    ['genre=Rock&type=artists', 'genre_needs_tracks', 'genre'],
    ['limit=0', 'out_of_range', 'limit'],
    ['limit=-1', 'out_of_range', 'limit'],
    ['Limit=5', 'unknown_parameter', 'Limit'],
    ['limit=ten', 'wrong_type', 'limit'],
    ['limit=1.5', 'wrong_type', 'limit'],
  ] as const) {
    const found = await problem(await fetch(`${url}/api/stats/trending?${query}`), 400, code)
    assert.equal(found.errors?.[0]?.path, path)
  }
})

test('unattributed lists what names no artist', async t => {
  const { url, services } = await startApp(t)
  await postBatch(url, [{ ...PLAY, metadata: { artist: 'DJ Beats' } }])
  await until(async () => (await services.health()).projector.lagEvents === 0)
  const { items } = await json<{ items: Row[] }>(await fetch(`${url}/api/stats/unattributed?limit=5`))
  assert.deepEqual([items.length, items[0]?.kind, items[0]?.plays], [1, 'name', 1])
  await problem(await fetch(`${url}/api/stats/unattributed?cursor=!`), 400, 'cursor_invalid')
  await problem(await fetch(`${url}/api/stats/unattributed?limit=0`), 400, 'out_of_range')
})

test('recommendations for an anonymous listener are those for an unknown one', async t => {
  const { url, services } = await startApp(t)
  const like = { ...PLAY, eventType: 'track.liked' }
  const nobodies = ['undefined', '[object Object]', 'Anonymous', ' ']
  await postBatch(url, [
    { ...like, eventType: 'artist.followed', userId: 'u2' },
    ...['somebody', ...nobodies].map(userId => ({ ...like, userId })),
  ])
  await until(async () => (await services.health()).projector.lagEvents === 0)
  const forUser = async (user: string) => {
    const rows = await json<Row[]>(await fetch(`${url}/api/recommendations/user/${encodeURIComponent(user)}`))
    return rows.map(({ id, reason }) => [id, reason])
  }
  assert.deepEqual(await forUser('somebody'), [])
  const popular = [
    ['4', 'popular'],
    ['a1', 'popular'],
  ]
  for (const user of nobodies) assert.deepEqual(await forUser(user), popular, user)
})

test('similar items are asked for by exactly one of a genre, an artist, an album and a track', async t => {
  const { url } = await startApp(t)
  const ask = (query: string) => fetch(`${url}/api/recommendations/similar?${query}`)
  for (const query of ['artistId=4', 'albumId=a1', 'trackId=a1_1']) assert.deepEqual(await json(await ask(query)), [])
  for (const [query, path, code] of [
    ['', 'genre', 'required'],
    ['genre=', 'genre', 'required'],
    ['genre=Rock&artistId=4', 'genre', 'ambiguous'],
    ['albumId=a1&trackId=a1_1', 'genre', 'ambiguous'],
    ['albumId=a1&excludeId=a2', 'excludeId', 'ambiguous'],
    ['artistId=undefined', 'artistId', 'required'],
  ] as const) {
    const { errors } = await problem(await ask(query), 400, code)
    assert.deepEqual([errors?.[0]?.path, errors?.[0]?.code], [path, code], query)
  }
})

test('a list of recommendations takes a kind, a diversity from 0 to 1, and exploration on or off', async t => {
  const { url } = await startApp(t)
  const ask = (query: string) => fetch(`${url}/api/recommendations/user/u1?${query}`)
  for (const query of ['type=ALBUM', 'diversity=0.3', 'diversity=1e-05', 'exploration=Off&type=track', 'type=']) {
    assert.deepEqual(await json(await ask(query)), [])
  }
  for (const query of ['type=genre', 'diversity=1.1', 'diversity=-1', 'diversity=x', 'diversity=', 'exploration=no']) {
    assert.equal((await ask(query)).status, 400, query)
  }
})
