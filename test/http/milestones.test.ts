import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { sharedApp } from '../support/start-app.ts'

interface Answer {
  artistId: string
  period: string | null
  items: { measure: string; reached: number; at: string }[]
  next: { measure: string; count: number; next: number }[]
  best: Record<string, { start: string; end: string; plays: number } | null>
  definitions: string
}

const artistId = 'artist-with-milestones'

async function withPlays(): Promise<string> {
  const { url, services } = await sharedApp()
  const plays = Array.from({ length: 12 }, (_, i) => ({
    ...PLAY,
    eventId: `milestone-${i}`,
    timestamp: `2026-11-24T10:00:${String(i).padStart(2, '0')}Z`,
    userId: `u${i}`,
    metadata: { artistId },
  }))
  await json(await postBatch(url, plays))
  await until(async () => (await services.health()).projector.lagEvents === 0)
  return `${url}/api/stats/artist`
}

test('milestones are listed with what is next, and the best periods', async () => {
  const url = await withPlays()
  const answer = await json<Answer>(await fetch(`${url}/${artistId}/milestones?tz=Europe/Madrid`))
  assert.deepEqual(answer.items, [
    { measure: 'plays', reached: 10, at: '2026-11-24T11:00:09.000+01:00' },
    { measure: 'listeners', reached: 10, at: '2026-11-24T11:00:09.000+01:00' },
  ])
  assert.deepEqual(answer.next[0], { measure: 'plays', count: 12, next: 25 })
  assert.deepEqual(answer.best.day, {
    start: '2026-11-24T00:00:00.000+01:00',
    end: '2026-11-25T00:00:00.000+01:00',
    plays: 12,
  })
  assert.equal(answer.period, null)
  assert.equal(typeof answer.definitions, 'string')
  const before = await json<Answer>(await fetch(`${url}/${artistId}/milestones?endDate=2026-11-23`))
  assert.deepEqual(before.items, [])
  assert.deepEqual(before.next, answer.next)
})

test('an unknown artist has reached nothing', async () => {
  const { url } = await sharedApp()
  const answer = await json<Answer>(await fetch(`${url}/api/stats/artist/unheard-of/milestones`))
  assert.deepEqual(answer.items, [])
  assert.deepEqual(answer.best, { day: null, week: null, month: null })
})

test('milestones are written as CSV, an empty list as its header', async () => {
  const url = await withPlays()
  const csv = async (id: string) => {
    const response = await fetch(`${url}/${id}/milestones?format=csv`)
    assert.match(response.headers.get('content-type') ?? '', /^text\/csv/)
    return (await response.text()).replace('\uFEFF', '').split('\r\n')
  }
  assert.deepEqual(await csv(artistId), [
    'measure,reached,at',
    'plays,10,2026-11-24T10:00:09.000Z',
    'listeners,10,2026-11-24T10:00:09.000Z',
    '',
  ])
  assert.deepEqual(await csv('unheard-of'), ['measure,reached,at', ''])
})

test('milestones refuse wrong parameters with the name of each', async () => {
  const { url } = await sharedApp()
  for (const [query, code, path] of [
    ['startDate=yesterday', 'date_invalid', 'startDate'],
    ['startDate=2026-02-01&endDate=2026-01-01', 'range_reversed', 'startDate'],
    ['tz=Mars/Base', 'time_zone_unknown', 'tz'],
    ['format=xml', 'format_unknown', 'format'],
  ] as const) {
    const refused = await problem(await fetch(`${url}/api/stats/artist/4/milestones?${query}`), 400, code)
    assert.equal(refused.errors?.[0]?.path, path)
  }
})
