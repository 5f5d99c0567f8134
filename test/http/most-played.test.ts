/** The tracks and albums of an artist, with real requests. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { sharedApp } from '../support/start-app.ts'

type Row = Record<string, unknown>
interface Answer {
  total: number
  unnamed: number
  items: Row[]
  nextCursor: string | null
  previousTotal?: number
  definitions: string
}

const DAY = 'startDate=2026-11-24&endDate=2026-11-24'
const METADATA = { albumId: 'a1', artistId: '4', title: '=1+1' }

let artist: string
before(async () => {
  const { url, services } = await sharedApp()
  artist = `${url}/api/stats/artist/4`
  const play = { ...PLAY, metadata: METADATA }
  const events = [
    play,
    { ...play, userId: 'u2' },
    { ...play, entityId: '2' },
    { ...play, entityType: 'artist', entityId: '4' },
  ]
  assert.equal((await json(await postBatch(url, events))).accepted, 4)
  await until(async () => (await services.health()).projector.lagEvents === 0)
})

const ask = async (path: string) => json<Answer>(await fetch(`${artist}/${path}`))

test('tracks and albums are listed with what they share in the plays of the KPIs', async () => {
  const { total, unnamed, items, nextCursor, definitions } = await ask('tracks')
  assert.deepEqual([total, unnamed, nextCursor, typeof definitions], [4, 1, null, 'string'])
  assert.deepEqual(
    items.map(({ id, trackId, albumId, plays, uniqueListeners, share }) => [
      id,
      trackId,
      albumId,
      plays,
      uniqueListeners,
      share,
    ]),
    [
      ['a1_1', '1', 'a1', 2, 2, 50],
      ['a1_2', '2', 'a1', 1, 1, 25],
    ],
  )
  const albums = await ask('albums')
  assert.deepEqual([albums.unnamed, albums.items[0]?.id, albums.items[0]?.plays], [0, 'a1', 4])
})

test('a page leads to the next one, and rows have series and comparisons where they are asked for', async () => {
  const first = await ask('tracks?limit=1')
  const second = await ask(`tracks?limit=1&cursor=${first.nextCursor}`)
  assert.deepEqual([first.items[0]?.id, second.items[0]?.id, second.nextCursor], ['a1_1', 'a1_2', null])
  const { items, previousTotal } = await ask(`tracks?${DAY}&sort=GROWTH&interval=hour`)
  assert.deepEqual([previousTotal, items[0]?.previousPlays, items[0]?.change], [0, 0, null])
  assert.deepEqual([(items[0]!.series as Row[]).length, typeof items[0]?.score], [24, 'number'])
})

test('an artist that nobody ever heard of has empty lists', async () => {
  const answer = await json<Answer>(await fetch(artist.replace(/4$/, 'nobody/tracks')))
  assert.deepEqual([answer.total, answer.items, answer.nextCursor], [0, [], null])
})

test('wrong parameters are refused by their names', async () => {
  for (const [query, code, path] of [
    ['sort=worst', 'sort_unknown', 'sort'],
    ['sort=growth', 'growth_needs_start', 'sort'],
    ['cursor=short', 'cursor_invalid', 'cursor'],
    ['limit=0', 'out_of_range', 'limit'],
    ['startDate=soon', 'date_invalid', 'startDate'],
    ['interval=decade', 'interval_unknown', 'interval'],
    ['startDate=2026-01-01&interval=hour', 'too_many_points', 'interval'],
  ] as const) {
    const found = await problem(await fetch(`${artist}/tracks?${query}`), 400, code)
    assert.equal(found.errors?.[0]?.path, path)
  }
})

test('as CSV, lists are rows, series are points, and the next page is in a header', async () => {
  const response = await fetch(`${artist}/tracks?format=csv&limit=1`)
  assert.match(response.headers.get('link') ?? '', /tracks\?format=csv&limit=1&cursor=[\w-]+>; rel="next"/)
  const [header, row] = (await response.text()).split('\r\n')
  const columns = 'plays,uniqueListeners,likes,share,previousPlays,change,score'
  assert.equal(header, `id,type,title,artistName,albumId,trackId,coverImage,url,${columns}`)
  assert.equal(row, "a1_1,track,'=1+1,,a1,1,,,2,2,0,50,,,")
  const points = await fetch(`${artist}/albums?${DAY}&interval=day`, { headers: { accept: 'text/csv' } })
  const [, point] = (await points.text()).split('\r\n')
  assert.equal(point, 'a1,,2026-11-24T00:00:00.000Z,2026-11-25T00:00:00.000Z,4')
  const empty = await (await fetch(`${artist.replace(/4$/, 'nobody')}/albums?format=csv`)).text()
  assert.match(empty, /^id,type,title/)
})
