import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, post, postBatch, problem } from '../support/http.ts'
import { startApp } from '../support/start-app.ts'

interface Page {
  items: { id: string; reason: string; errors: object[]; event: unknown }[]
  nextCursor: string | null
}

interface ReplayAnswer {
  accepted: number
  duplicates: number
  rejected: number
  results: { id: string; status: string; code?: string }[]
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

test('a replay ingests one letter with a repaired event, or all letters', async t => {
  const path = await withLetters(t)
  const repaired = await json(await post(`${path}/replay`, { id: 'd1', event: PLAY }))
  assert.deepEqual([repaired.replayed, repaired.accepted], [1, 1])
  await problem(await post(`${path}/replay`, { id: 'never', event: PLAY }), 404, 'dead_letter_not_found')
  const all = await json(await fetch(`${path}/replay`, { method: 'POST' }))
  assert.deepEqual([all.replayed, all.rejected], [2, 2])
  assert.equal((await json(await fetch(`${path}/summary`))).total, 2)
})

test('a replay returns 400 and names what is wrong with its body', async t => {
  const path = await withLetters(t)
  await problem(await post(`${path}/replay`, '{'), 400, 'malformed_json')
  await problem(await post(`${path}/replay`, '[]'), 400, 'not_an_object')
  await problem(await post(`${path}/replay`, { event: PLAY }), 400, 'required')
  await problem(await post(`${path}/replay`, { id: 'd1', evnt: PLAY }), 400, 'unknown_field')
  await problem(await post(`${path}/replay`, { id: 'd1', x: 'y'.repeat(100_000) }), 413, 'too_large')
})

test('a replay with a repaired event that is refused leaves the letter as it was received, and says why', async t => {
  const path = await withLetters(t)
  const before = await json<Page>(await fetch(path))
  const worse = { ...PLAY, timestamp: 'yesterday' }
  const answer = await json<ReplayAnswer>(await post(`${path}/replay`, { id: 'd1', event: worse }))
  assert.deepEqual([answer.rejected, answer.results[0]?.code], [1, 'timestamp_invalid'])
  await json(await postBatch(new URL(path).origin, [{ ...PLAY, eventId: 'd2' }]))
  const conflicting = { id: 'd2', event: { ...PLAY, entityId: 'another' } }
  const conflict = await json<ReplayAnswer>(await post(`${path}/replay`, conflicting))
  assert.deepEqual([conflict.rejected, conflict.results[0]?.code], [1, 'event_conflict'])
  assert.deepEqual(await json<Page>(await fetch(path)), before)
})

test('a repeated replay is answered like the first one', async t => {
  const path = await withLetters(t)
  const replay = async (body: object) => json<ReplayAnswer>(await post(`${path}/replay`, body))
  const twice = await Promise.all([1, 2].map(() => replay({ id: 'd1', event: PLAY })))
  assert.deepEqual(twice.map(({ accepted, duplicates }) => accepted * 10 + duplicates).sort(), [1, 10])
  for (const body of [{ id: 'd1', event: PLAY }, { id: 'd1' }]) {
    const { results, ...counts } = await replay(body)
    assert.deepEqual(counts, { replayed: 1, accepted: 0, duplicates: 1, rejected: 0 })
    assert.deepEqual(results, [{ id: 'd1', status: 'duplicate' }])
  }
  const other = await replay({ id: 'd1', event: { ...PLAY, entityId: 'another' } })
  assert.deepEqual([other.rejected, other.results[0]?.status], [1, 'conflict'])
  const ids = (await json<Page>(await fetch(path))).items.map(({ id }) => id)
  assert.deepEqual(ids, ['d3', 'd2'])
})

test('a removal removes letters by id, by reason, or all', async t => {
  const path = await withLetters(t)
  const remove = async (query: string) => json(await fetch(path + query, { method: 'DELETE' }))
  assert.deepEqual(await remove('?id=d1&reason=unknown_event_type'), { deleted: 0 })
  assert.deepEqual(await remove('?id=d1'), { deleted: 1 })
  assert.deepEqual(await remove('?reason=unknown_event_type'), { deleted: 1 })
  assert.deepEqual(await remove('?id=unknown'), { deleted: 0 })
  assert.deepEqual(await remove('?all=true'), { deleted: 1 })
})

test('a removal that is ambiguous removes nothing, and names the wrong parameter', async t => {
  const path = await withLetters(t)
  const refused: [query: string, code: string, path: string][] = [
    ['', 'required', 'all'],
    ['?', 'required', 'all'],
    ['?id=', 'required', 'id'],
    ['?id', 'required', 'id'],
    ['?reason=', 'required', 'reason'],
    ['?id=&reason=required', 'required', 'id'],
    ['?reasn=required', 'unknown_parameter', 'reasn'],
    ['?ID=d1', 'unknown_parameter', 'ID'],
    ['?reason=required&limit=1', 'unknown_parameter', 'limit'],
    ['?id=d1&id=d2', 'wrong_type', 'id'],
    ['?all=', 'unknown_value', 'all'],
    ['?all=false', 'unknown_value', 'all'],
    ['?all=true&reason=required', 'ambiguous', 'all'],
    ['?all=true&id=', 'required', 'id'],
  ]
  for (const [query, code, field] of refused) {
    const { errors } = await problem(await fetch(path + query, { method: 'DELETE' }), 400, code)
    assert.equal(errors?.[0]?.path, field, query)
  }
  assert.equal((await json(await fetch(`${path}/summary`))).total, 3)
})
