/** Whole numbers that no JavaScript number holds, on every way in and out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, post, postBatch, postEvent, problem } from '../support/http.ts'
import { sharedApp, startApp } from '../support/start-app.ts'

const LARGE = '9007199254740993'
/** What a JavaScript number makes of it. */
const NEAREST = '9007199254740992'

const play = (eventId: string, playId: string, more: object = {}) =>
  JSON.stringify({ ...PLAY, eventId, ...more }).replace(
    '"metadata":{',
    `"metadata":{"playId":${playId},"list":[${playId}],`,
  )

test('two whole numbers that are one double are different contents of an event', async () => {
  const { url } = await sharedApp()
  assert.deepEqual(await json(await postEvent(url, play('g1', LARGE)), 202), { accepted: true, id: 'g1' })
  await problem(await postEvent(url, play('g1', NEAREST)), 409, 'event_conflict')
  const again = { accepted: true, id: 'g1', duplicate: true }
  assert.deepEqual(await json(await postEvent(url, play('g1', LARGE)), 202), again)
})

test('every route that takes events keeps all digits of numbers', async () => {
  const { url } = await sharedApp()
  const lines = (playId: string) => `${play('n1', playId)}\n${play('n2', playId)}`
  const ndjson = { 'content-type': 'application/x-ndjson' }
  const batch = (playId: string) => `{"events":[${play('b1', playId)},${play('b2', playId)}]}`
  await json(await postBatch(url, batch(LARGE)))
  await json(await postBatch(url, lines(LARGE), ndjson))
  for (const [playId, accepted] of [
    [LARGE, { accepted: 0, duplicates: 2, rejected: 0 }],
    [NEAREST, { accepted: 0, duplicates: 0, rejected: 2 }],
  ] as const) {
    for (const answer of [await postBatch(url, batch(playId)), await postBatch(url, lines(playId), ndjson)]) {
      const { results: _results, unavailable: _unavailable, ...counts } = await json(answer)
      assert.deepEqual(counts, accepted)
    }
  }
})

test('a whole number as an id is the same as the string of its digits', async () => {
  const { url } = await sharedApp()
  await json(
    await postEvent(
      url,
      `{"eventId":${LARGE},"eventType":"track.played","timestamp":"2026-11-24T10:00:00Z","entityId":${LARGE}}`,
    ),
    202,
  )
  const text = { eventId: LARGE, eventType: 'track.played', timestamp: '2026-11-24T10:00:00Z', entityId: LARGE }
  assert.equal((await json(await postEvent(url, text), 202)).duplicate, true)
})

test('an alert is for the artist whose id has exactly these digits', async () => {
  const { url } = await sharedApp()
  const thresholds = '"thresholds":{"plays":0}'
  await json(await post(`${url}/api/stats/alerts`, `{"artistId":${LARGE},${thresholds}}`))
  const history = await fetch(`${url}/api/stats/alerts/history?artistId=${LARGE}`)
  assert.deepEqual(
    (await json<{ artistId: string }[]>(history)).map(({ artistId }) => artistId),
    [LARGE],
  )
})

test('dead letters keep all digits where they are listed, replayed and repaired', async t => {
  const { url } = await startApp(t)
  const path = `${url}/api/stats/dead-letters`
  await postEvent(url, play('d1', LARGE, { entityId: null }))
  await postEvent(url, play('d2', '1e400'))
  const shown = await (await fetch(path)).text()
  assert.match(shown, /"playId":9007199254740993,"list":\[9007199254740993\]/)
  assert.match(shown, /"playId":1e400,/)

  const all = await json(await fetch(`${path}/replay`, { method: 'POST' }))
  assert.deepEqual([all.replayed, all.rejected], [2, 2])
  assert.equal(
    await (await fetch(path)).text().then(text => text.match(/"playId":(9007199254740993|1e400),/g)?.length),
    2,
  )

  await json(await post(`${path}/replay`, `{"id":"d1","event":${play('d1', LARGE)}}`))
  await problem(await postEvent(url, play('d1', NEAREST)), 409, 'event_conflict')
  assert.equal((await json(await postEvent(url, play('d1', LARGE)), 202)).duplicate, true)
})

test('a number that JSON readers cannot represent is refused with its path', async () => {
  const { url } = await sharedApp()
  const { errors } = await problem(await postEvent(url, play('i1', '1e400')), 400, 'number_invalid')
  assert.deepEqual(
    errors?.map(({ path }) => path),
    ['metadata.playId', 'metadata.list.0'],
  )
})
