/** What clients write a little differently is understood, as far as it can mean only one thing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, post, postBatch, postEvent, problem, until } from '../support/http.ts'
import { startApp } from '../support/start-app.ts'

type Row = Record<string, unknown>

const now = () => new Date().toISOString()

test('a slash at the end of a path, or two in it, make no difference', async t => {
  const { url } = await startApp(t)
  assert.deepEqual(await json(await postEvent(`${url}//`, { ...PLAY, eventId: 's1' }), 202), {
    accepted: true,
    id: 's1',
  })
  assert.equal((await json(await post(`${url}/api/stats/events/batch/`, [PLAY]))).accepted, 1)
  for (const path of [
    'api/stats/trending/?period=week',
    'api/stats/artist/4/kpis/',
    'api/stats//unattributed',
    'healthz/',
    'api/docs/',
  ])
    assert.equal((await fetch(`${url}/${path}`)).status, 200, path)
})

test('fixed words are taken in any case', async t => {
  const { url, services } = await startApp(t)
  const play = { ...PLAY, timestamp: now() }
  await postBatch(url, [play, { ...play, userId: 'u2' }, { ...play, entityId: '2' }])
  await until(async () => (await services.health()).projector.lagEvents === 0)
  const trending = async (query: string) =>
    (await json<Row[]>(await fetch(`${url}/api/stats/trending?${query}`))).map(({ type, count }) => [type, count])
  const tracks = [
    ['track', 2],
    ['track', 1],
  ]
  for (const query of ['genre=TRACKS&period=WEEK', 'type=Tracks&mode=RISING&period=Day'])
    assert.deepEqual(await trending(query), tracks)
  assert.deepEqual(await trending('type=Albums'), [['album', 3]])
  const kpis = await json(
    await fetch(`${url}/api/stats/artist/4/kpis?interval=DAY&compare=PREVIOUS&startDate=2026-01-01&endDate=2026-01-02`),
  )
  assert.deepEqual([(kpis.series as Row[]).length, (kpis.previous as Row).plays], [2, 0])
})

test('a limit above 100 means 100, everywhere', async t => {
  const { url, services } = await startApp(t, { DEAD_LETTER_MAX: '1000' })
  const tracks = Array.from({ length: 120 }, (_, i) => ({ ...PLAY, timestamp: now(), entityId: `track number ${i}` }))
  const names = tracks.map(({ entityId, ...play }) => ({ ...play, entityId, metadata: { artist: entityId } }))
  const rejected = tracks.map(track => ({ ...track, timestamp: null }))
  await postBatch(url, [...tracks, ...names, ...rejected])
  await until(async () => (await services.health()).projector.lagEvents === 0)
  const rowsOf = async (path: string) => {
    const answer = await json<Row[] | { items: Row[] }>(await fetch(`${url}/api/${path}`))
    return Array.isArray(answer) ? answer : answer.items
  }
  for (const path of ['stats/trending', 'stats/unattributed', 'stats/dead-letters']) {
    assert.equal((await rowsOf(`${path}?limit=1000`)).length, 100, path)
    assert.equal((await rowsOf(`${path}?limit=${'9'.repeat(400)}`)).length, 100, path)
  }
  for (const path of ['stats/alerts/history', 'recommendations/user/u1']) await rowsOf(`${path}?limit=1000`)
  for (const path of ['stats/trending', 'stats/dead-letters', 'recommendations/user/u1'])
    await problem(await fetch(`${url}/api/${path}?limit=0`), 400, 'out_of_range')
})

test('a query parameter that differs from a known one only in case is refused with the right name', async t => {
  const { url } = await startApp(t)
  for (const [path, sent, right] of [
    ['stats/artist/4/kpis', 'startdate', 'startDate'],
    ['stats/artist/4/kpis', 'TZ', 'tz'],
    ['stats/trending', 'Limit', 'limit'],
    ['stats/unattributed', 'CURSOR', 'cursor'],
    ['stats/alerts/history', 'ARTISTID', 'artistId'],
    ['stats/dead-letters', 'Reason', 'reason'],
    ['recommendations/similar', 'excludeid', 'excludeId'],
    ['recommendations/user/u1', 'LIMIT', 'limit'],
  ] as const) {
    const { errors } = await problem(await fetch(`${url}/api/${path}?${sent}=1`), 400, 'unknown_parameter')
    assert.deepEqual(errors, [{ path: sent, code: 'unknown_parameter', message: `must be written ${right}` }])
  }
  await problem(await fetch(`${url}/api/stats/cache/clear?KEY=x`, { method: 'POST' }), 400, 'unknown_parameter')
  await json(await fetch(`${url}/api/stats/trending?utm_source=mail&__proto__=1`))
})

test('the cache is cleared by keys that a person can type; an empty key clears all', async t => {
  const { url, services } = await startApp(t)
  await postEvent(url, { ...PLAY, timestamp: now(), metadata: { ...PLAY.metadata, genre: 'Hip: Hop' } })
  await until(async () => (await services.health()).projector.lagEvents === 0)
  const keys = async () => (await json<{ keys: string[] }>(await fetch(`${url}/api/stats/cache/info`))).keys.sort()
  const clear = async (query: string, body?: object) =>
    json(
      await fetch(`${url}/api/stats/cache/clear${query}`, {
        method: 'POST',
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
    )
  const fill = async () => {
    for (const path of [
      'stats/trending',
      'stats/trending?type=artists&period=day&mode=rising',
      'stats/trending?genre=Hip:%20Hop',
      'recommendations/user/u1',
    ])
      await json(await fetch(`${url}/api/${path}`))
  }
  await fill()
  const popular = ['popular', 'popular:albums', 'popular:artists']
  const all = [...popular, 'trending:artists:day:rising', 'trending:tracks:week', 'trending:tracks:week:genre:hip: hop']
  const shown = await keys()
  assert.deepEqual(shown.slice(0, -1), all)
  assert.match(String(shown.at(-1)), /^user:#[\w-]{22}$/)
  for (const key of ['trending:tracks:week', 'user:u1', 'trending:tracks:week:genre:hip: hop'])
    assert.deepEqual(await clear(`?key=${key}`), { cleared: key })
  assert.deepEqual(await keys(), [...popular, 'trending:artists:day:rising'])
  for (const [query, body] of [
    ['?key=', undefined],
    ['', { key: '' }],
    ['?key=', { key: null }],
  ] as const) {
    await fill()
    assert.deepEqual(await clear(query, body), { cleared: 'all' })
    assert.deepEqual(await keys(), [])
  }
})
