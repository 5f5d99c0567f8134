/** Charts that one listener cannot inflate: trending by eligible plays, and positions in weekly rankings. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { type StartedApp, startApp } from '../support/start-app.ts'

const WEEK_MS = 7 * 86_400_000
const LAST_WEEK = new Date(Date.now() - WEEK_MS).toISOString()

const play = (artistId: string, userId: string | null, timestamp = LAST_WEEK) => ({
  ...PLAY,
  timestamp,
  userId,
  entityId: `track-of-${artistId}`,
  metadata: { artistId },
})

async function send({ url, services }: StartedApp, events: readonly object[]): Promise<void> {
  assert.equal((await json(await postBatch(url, events))).accepted, events.length)
  await until(async () => (await services.health()).projector.lagEvents === 0)
}

/** A fan of 4 plays it 300 times; 60 listeners play 5 once. */
const fan = Array.from({ length: 300 }, () => play('4', 'fan'))
const listeners = Array.from({ length: 60 }, (_, i) => play('5', `u${i}`))

interface Week {
  position: number | null
  plays: number
  eligiblePlays: number
}

interface Position {
  weeksOnChart: number
  lastFullWeek: Week
  items: Week[]
  definitions: string
}

const positionOf = async (url: string, query: string) => json<Position>(await fetch(`${url}/api/stats/artist/${query}`))

test('a listener who plays a track 300 times does not win, and rows say what is excluded', async t => {
  const app = await startApp(t)
  await send(app, [...fan, ...listeners])
  const rows = await json<Record<string, unknown>[]>(await fetch(`${app.url}/api/stats/trending?period=month`))
  assert.deepEqual(
    rows.map(({ key, count, plays, eligiblePlays, excluded }) => [key, count, plays, eligiblePlays, excluded]),
    [
      ['track-of-5', 60, 60, 60, []],
      ['track-of-4', 50, 300, 50, [{ reason: 'listener_limit', plays: 250 }]],
    ],
  )
  const { lastFullWeek, items } = await positionOf(app.url, '4/position')
  assert.deepEqual(
    [items.length, lastFullWeek.position, lastFullWeek.plays, lastFullWeek.eligiblePlays],
    [52, 2, 300, 50],
  )
})

test('with CHART_PLAYS_PER_LISTENER=off all counted plays are eligible', async t => {
  const app = await startApp(t, { CHART_PLAYS_PER_LISTENER: 'off' })
  await send(app, [...fan, ...listeners])
  const [first] = await json<Record<string, unknown>[]>(await fetch(`${app.url}/api/stats/trending?period=month`))
  assert.deepEqual([first?.key, first?.eligiblePlays, first?.excluded], ['track-of-4', 300, []])
  assert.equal((await positionOf(app.url, '4/position')).lastFullWeek.position, 1)
})

test('a late event changes the position of its week at once', async t => {
  const app = await startApp(t)
  await send(app, [play('4', 'u1'), play('5', 'u1'), play('5', 'u2')])
  assert.equal((await positionOf(app.url, '4/position')).lastFullWeek.position, 2)
  await send(app, [play('4', 'u2'), play('4', 'u3')])
  const { lastFullWeek, weeksOnChart } = await positionOf(app.url, '4/position')
  assert.deepEqual([lastFullWeek.position, lastFullWeek.plays, weeksOnChart], [1, 3, 1])
})

test('trending and positions as CSV have a line a row', async t => {
  const app = await startApp(t)
  await send(app, [play('4', 'u1')])
  const csv = async (path: string) => {
    const response = await fetch(`${app.url}${path}`, { headers: { accept: 'text/csv' } })
    assert.equal(response.status, 200)
    return {
      headers: response.headers,
      rows: parse<Record<string, string>>(await response.text(), { bom: true, columns: true }),
    }
  }
  const { headers, rows } = await csv('/api/stats/artist/4/position')
  assert.equal(rows.length, 52)
  assert.deepEqual(Object.keys(rows[0]!), ['start', 'end', 'position', 'plays', 'eligiblePlays', 'change', 'isOver'])
  assert.deepEqual([rows.at(-2)?.position, rows.at(-2)?.isOver, rows.at(-1)?.isOver], ['1', 'true', 'false'])
  const { definitions } = await positionOf(app.url, '4/position')
  assert.equal(headers.get('definitions-version'), definitions)
  const [track] = (await csv('/api/stats/trending?period=month')).rows
  assert.deepEqual([track?.rank, track?.key, track?.eligiblePlays, track?.excluded], ['1', 'track-of-4', '1', '[]'])
})

test('a position without events is empty, and wrong parameters are named', async t => {
  const { url } = await startApp(t)
  const { weeksOnChart, items } = await positionOf(url, 'nobody/position?startDate=2026-01-05&endDate=2026-01-06')
  assert.deepEqual([weeksOnChart, items.map(({ position }) => position)], [0, [null]])
  for (const [query, path, code] of [
    ['startDate=yesterday', 'startDate', 'date_invalid'],
    ['tz=Mars/Base', 'tz', 'time_zone_unknown'],
    ['startDate=2026-02-01&endDate=2026-01-01', 'startDate', 'range_reversed'],
    ['startDate=1999-01-01', 'startDate', 'too_many_weeks'],
  ]) {
    const found = await problem(await fetch(`${url}/api/stats/artist/4/position?${query}`), 400, code!)
    assert.equal(found.errors?.[0]?.path, path)
  }
})
