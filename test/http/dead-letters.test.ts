import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, post, postBatch, problem } from '../support/http.ts'
import { startApp } from '../support/start-app.ts'

interface Page {
  items: { id: string; reason: string; errors: object[]; event: unknown }[]
  nextCursor: string | null
}

async function withLetters(t: Parameters<typeof startApp>[0]) {
  const { url } = await startApp(t)
  const broken = { ...PLAY, eventId: 'd1', entityId: null }
  await postBatch(url, [broken, { ...broken, eventId: 'd2' }, { ...PLAY, eventId: 'd3', eventType: 'x' }])
  return `${url}/api/stats/dead-letters`
}

test('dead letters are listed in pages, the newest first, and counted', async t => {
  const path = await withLetters(t)
  const first = await json<Page>(await fetch(`${path}?limit=2`))
  assert.deepEqual(
    first.items.map(({ id, reason }) => [id, reason]),
    [
      ['d3', 'unknown_event_type'],
      ['d2', 'required'],
    ],
  )
  const second = await json<Page>(await fetch(`${path}?limit=2&cursor=${first.nextCursor}`))
  assert.deepEqual([second.items.map(({ id }) => id), second.nextCursor], [['d1'], null])
  assert.equal((await json<Page>(await fetch(`${path}?reason=required`))).items.length, 2)
  assert.deepEqual(await json(await fetch(`${path}/summary`)), {
    total: 3,
    byReason: { required: 2, unknown_event_type: 1 },
  })
  assert.equal((await json<Page>(await fetch(`${path}?limit=101`))).items.length, 3)
  await problem(await fetch(`${path}?cursor=!`), 400, 'cursor_invalid')
})

test('replay: one that is repaired, then all; it is idempotent', async t => {
  const path = await withLetters(t)
  const repaired = await json(await post(`${path}/replay`, { id: 'd1', event: PLAY }))
  assert.deepEqual([repaired.replayed, repaired.accepted], [1, 1])
  await problem(await post(`${path}/replay`, { id: 'd1', event: PLAY }), 404, 'dead_letter_not_found')
  const all = await json(await fetch(`${path}/replay`, { method: 'POST' }))
  assert.deepEqual([all.replayed, all.rejected], [2, 2])
  assert.equal((await json(await fetch(`${path}/summary`))).total, 2)
})

test('replay: what is wrong with its body', async t => {
  const path = await withLetters(t)
  await problem(await post(`${path}/replay`, '{'), 400, 'malformed_json')
  await problem(await post(`${path}/replay`, '[]'), 400, 'not_an_object')
  await problem(await post(`${path}/replay`, { event: PLAY }), 400, 'required')
  await problem(await post(`${path}/replay`, { id: 'd1', x: 'y'.repeat(100_000) }), 413, 'too_large')
})

test('removal: by id, by reason, all', async t => {
  const path = await withLetters(t)
  const remove = async (query: string) => json(await fetch(path + query, { method: 'DELETE' }))
  assert.deepEqual(await remove('?id=d1'), { deleted: 1 })
  assert.deepEqual(await remove('?reason=unknown_event_type'), { deleted: 1 })
  assert.deepEqual(await remove('?id=unknown'), { deleted: 0 })
  assert.deepEqual(await remove(''), { deleted: 1 })
})
