/** The releases of an artist, with real requests. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { sharedApp } from '../support/start-app.ts'

interface Release {
  id: string
  releaseDate: string | null
  releaseDateFrom: string | null
  plays: number
  firstDays: { days: number; plays: number; isOver: boolean }[]
  series?: { day: number; plays: number; cumulativePlays: number }[]
}

interface Answer {
  items: Release[]
  nextCursor: string | null
  definitions: string
}

let artist: string
before(async () => {
  const { url, services } = await sharedApp()
  artist = `${url}/api/stats/artist/4`
  const play = (albumId: string, timestamp: string) => ({ ...PLAY, timestamp, metadata: { albumId, artistId: '4' } })
  const events = [
    play('first', '2026-01-10T10:00:00Z'),
    play('first', '2026-01-12T10:00:00Z'),
    play('second', '2026-02-10T10:00:00Z'),
    {
      ...PLAY,
      eventType: 'order.paid',
      entityType: 'album',
      entityId: 'bought',
      metadata: { artistId: '4', albumId: 'bought' },
    },
  ]
  assert.equal((await json(await postBatch(url, events))).accepted, events.length)
  await until(async () => (await services.health()).projector.lagEvents === 0)
})

const ask = async (query: string) => json<Answer>(await fetch(`${artist}/releases?${query}`))

test('releases have a date, the plays of the period and those of the first days, also without any play', async () => {
  const { items, nextCursor, definitions } = await ask('startDate=2026-01-12')
  assert.deepEqual([nextCursor, typeof definitions], [null, 'string'])
  const shown = items.map(({ id, releaseDate, releaseDateFrom, plays }) => [id, releaseDate, releaseDateFrom, plays])
  assert.deepEqual(shown, [
    ['second', '2026-02-10', 'firstPlay', 1],
    ['first', '2026-01-10', 'firstPlay', 1],
    ['bought', null, null, 0],
  ])
  const over = { isOver: true }
  assert.deepEqual(items[1]?.firstDays, [
    { days: 1, plays: 1, ...over },
    { days: 7, plays: 2, ...over },
    { days: 28, plays: 2, ...over },
  ])
  assert.deepEqual(items[2]?.firstDays, [])
})

test('aligned series begin with the release, and a page leads to the next one', async () => {
  const { items, nextCursor } = await ask('align=release&days=3&limit=2')
  const series = items.map(({ series }) =>
    series!.map(({ day, plays, cumulativePlays }) => [day, plays, cumulativePlays]),
  )
  assert.deepEqual(series, [
    [
      [1, 1, 1],
      [2, 0, 1],
      [3, 0, 1],
    ],
    [
      [1, 1, 1],
      [2, 0, 1],
      [3, 1, 2],
    ],
  ])
  const next = await ask(`limit=2&cursor=${nextCursor}`)
  assert.deepEqual([next.items.map(({ id }) => id), next.nextCursor], [['bought'], null])
})

test('an artist that nobody ever heard of has no releases', async () => {
  const { items, nextCursor } = await json<Answer>(await fetch(`${artist.replace(/4$/, 'nobody')}/releases`))
  assert.deepEqual([items, nextCursor], [[], null])
})

test('wrong parameters are refused by their names', async () => {
  for (const [query, code, path] of [
    ['align=birth', 'align_unknown', 'align'],
    ['align=release&interval=hour', 'align_needs_days', 'interval'],
    ['align=release&days=101&limit=100', 'too_many_points', 'days'],
    ['days=0', 'out_of_range', 'days'],
    ['days=2000', 'out_of_range', 'days'],
    ['startDate=2026-01-01&interval=hour', 'too_many_points', 'interval'],
    ['cursor=short', 'cursor_invalid', 'cursor'],
    ['tz=Mars', 'time_zone_unknown', 'tz'],
  ] as const) {
    const found = await problem(await fetch(`${artist}/releases?${query}`), 400, code)
    assert.equal(found.errors?.[0]?.path, path)
  }
})

test('as CSV, releases have a column for each of the first days, and series are points', async () => {
  const lines = async (query: string) =>
    (await (await fetch(`${artist}/releases?format=csv&${query}`)).text()).split('\r\n')
  const release = 'id,type,title,artistName,albumId,trackId,coverImage,url,releaseDate,releaseDateFrom,releaseYear'
  const [header, , first, bought] = await lines('')
  assert.equal(header, `${release},plays,playsIn1Day,playsIn7Days,playsIn28Days`)
  assert.equal(first, 'first,album,,,first,,,,2026-01-10,firstPlay,,2,1,2,2')
  assert.equal(bought, 'bought,album,,,bought,,,,,,,0,,,')
  const [columns, point] = await lines('align=release&days=1')
  assert.equal(columns, 'id,title,releaseDate,day,start,end,plays,cumulativePlays')
  assert.equal(point, 'second,,2026-02-10,1,2026-02-10T00:00:00.000Z,2026-02-11T00:00:00.000Z,1,1')
})
