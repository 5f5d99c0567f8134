import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTempStore } from '../../test/support/temp-store.ts'
import { StoreUnavailable } from '../storage/storage.ts'
import { type DeadLetter, DeadLetters } from './dead-letters.ts'
import type { ItemResult, RawEvent } from './raw-event.ts'
import { type LoggedAs, Replay } from './replay.ts'

const letter = (id: string, code = 'required', event: unknown = { n: id }): DeadLetter => ({
  id,
  event,
  faults: [{ path: 'entityId', code, message: 'is required' }],
  receivedAt: '2026-11-24T10:00:00.000Z',
})

function setUp({ max = 10_000 } = {}) {
  const { documents } = openTempStore()
  const dropped: number[] = []
  const letters = new DeadLetters(documents, { max, onDropped: count => dropped.push(count) })
  return { documents, letters, dropped }
}

type Status = ItemResult['status']

const AGAIN = [{ path: 'entityId', code: 'again', message: 'is required' }]

/** The way to a log that has what `logged` says, and answers with `statusOf` an id. */
function replayer(statusOf: (id: string) => Status, logged: Record<string, LoggedAs> = {}) {
  const seen: RawEvent[] = []
  const receive = async (arrivals: readonly RawEvent[]): Promise<ItemResult[]> => {
    seen.push(...arrivals)
    return arrivals.map(({ letter }) => {
      const id = letter?.id ?? '?'
      const status = statusOf(id)
      return { id, status, ...(status === 'rejected' || status === 'conflict' ? { faults: AGAIN } : {}) }
    })
  }
  return { seen, replaying: { receive, loggedAs: async (id: string) => logged[id] ?? 'nothing' } }
}

test('lists letters in pages, the newest first, of all reasons or of one', async () => {
  const { letters } = setUp()
  await letters.keep([letter('a'), letter('b', 'too_long'), letter('c')])
  const first = await letters.list({ limit: 2 })
  assert.deepEqual(
    first.items.map(({ id }) => id),
    ['c', 'b'],
  )
  assert.deepEqual(first.items[1], {
    id: 'b',
    reason: 'too_long',
    receivedAt: '2026-11-24T10:00:00.000Z',
    errors: [{ path: 'entityId', code: 'too_long', message: 'is required' }],
    event: { n: 'b' },
  })
  const second = await letters.list({ limit: 2, cursor: first.nextCursor ?? '' })
  assert.deepEqual([second.items.map(({ id }) => id), second.nextCursor], [['a'], null])
  assert.deepEqual(
    (await letters.list({ limit: 9, reason: 'required' })).items.map(({ id }) => id),
    ['c', 'a'],
  )
  assert.deepEqual(await letters.summary(), { total: 3, byReason: { required: 2, too_long: 1 } })
})

test('refuses a cursor that no listing gave', async () => {
  for (const cursor of ['', '-1', 'é', 'z'.repeat(11), 'z'.repeat(50)]) {
    await assert.rejects(setUp().letters.list({ limit: 1, cursor }), { status: 400, code: 'cursor_invalid' })
  }
})

test('removes the oldest letters beyond the maximum, and counts them', async () => {
  const { letters, dropped } = setUp({ max: 2 })
  await letters.keep([letter('a'), letter('b'), letter('c')])
  await letters.keep([letter('b')])
  await letters.keep([])
  assert.deepEqual(dropped, [1])
  assert.equal((await letters.summary()).total, 2)
})

test('removes letters by id and reason, or all', async () => {
  const { letters } = setUp()
  await letters.keep([letter('a'), letter('b', 'too_long'), letter('c'), letter('d')])
  assert.deepEqual(await letters.remove({ id: 'a', reason: 'too_long' }), { deleted: 0 })
  assert.deepEqual(await letters.remove({ id: 'a' }), { deleted: 1 })
  assert.deepEqual(await letters.remove({ reason: 'too_long' }), { deleted: 1 })
  assert.deepEqual(await letters.remove({ all: true }), { deleted: 2 })
})

test('replays each letter once, removes those that are logged, and keeps the others with their new faults', async () => {
  const { letters } = setUp()
  await letters.keep(Array.from({ length: 1203 }, (_, i) => letter(`e${i}`)))
  const statuses: Status[] = ['accepted', 'duplicate', 'rejected', 'conflict']
  const { seen, replaying } = replayer(id => statuses[Number(id.slice(1)) % 4] ?? 'accepted')
  const { results, ...counts } = await new Replay(letters, replaying).all()
  assert.deepEqual(counts, { replayed: 1203, accepted: 301, duplicates: 301, rejected: 601, cut: true })
  assert.equal(results.length, 1000)
  assert.equal(seen.length, 1203)
  assert.deepEqual(await letters.summary(), { total: 601, byReason: { again: 601 } })
  const kept = (await letters.list({ limit: 1000 })).items
  for (const { id, event, receivedAt } of kept) {
    assert.deepEqual({ event, receivedAt }, { event: { n: id }, receivedAt: letter(id).receivedAt })
  }
})

test('replays one letter, as it is or with a repaired event', async () => {
  const { letters } = setUp()
  await letters.keep([letter('a'), letter('b', 'malformed_json', '{"broken'), letter('c')])
  const { seen, replaying } = replayer(() => 'accepted')
  const report = await new Replay(letters, replaying).one({ id: 'a', event: { n: 'repaired' } })
  assert.deepEqual(report, {
    replayed: 1,
    accepted: 1,
    duplicates: 0,
    rejected: 0,
    results: [{ id: 'a', status: 'accepted' }],
  })
  await new Replay(letters, replaying).one({ id: 'b' })
  assert.deepEqual(seen, [
    { value: { n: 'repaired' }, letter: { id: 'a' } },
    { malformed: '{"broken', letter: { id: 'b' } },
  ])
  assert.deepEqual(
    (await letters.list({ limit: 9 })).items.map(({ id }) => id),
    ['c'],
  )
  await assert.rejects(new Replay(letters, replaying).one({ id: 'a' }), { status: 404, code: 'dead_letter_not_found' })
})

test('keeps every letter where the append fails, and throws 503 where an event is unavailable', async () => {
  const { letters } = setUp()
  await letters.keep([letter('a'), letter('b')])
  const failing = async () => {
    throw new StoreUnavailable('away')
  }
  const replayFailing = { receive: failing, loggedAs: async () => 'nothing' as const }
  await assert.rejects(new Replay(letters, replayFailing).all(), StoreUnavailable)
  const { replaying } = replayer(id => (id === 'a' ? 'unavailable' : 'accepted'))
  await assert.rejects(new Replay(letters, replaying).all(), { status: 503 })
  assert.deepEqual(
    (await letters.list({ limit: 9 })).items.map(({ id }) => id),
    ['a'],
  )
})

test('keeps a letter as it was received where its repair is refused', async () => {
  for (const status of ['rejected', 'conflict'] as const) {
    const { letters } = setUp()
    await letters.keep([letter('a')])
    const before = await letters.list({ limit: 9 })
    const { replaying } = replayer(() => status)
    const report = await new Replay(letters, replaying).one({ id: 'a', event: { n: 'worse' } })
    assert.deepEqual([report.rejected, report.results], [1, [{ id: 'a', status, faults: AGAIN }]])
    assert.deepEqual(await letters.list({ limit: 9 }), before)
  }
})

test('leaves the order of letters that are refused again for the same reasons', async () => {
  const { letters } = setUp()
  await letters.keep([letter('a', 'again'), letter('b')])
  await new Replay(letters, replayer(() => 'rejected').replaying).all()
  const { items } = await letters.list({ limit: 9 })
  assert.deepEqual(
    items.map(({ id, reason }) => [id, reason]),
    [
      ['b', 'again'],
      ['a', 'again'],
    ],
  )
})

test('answers a repeated replay by what the log has under the id, and 404 where it has nothing', async () => {
  const { letters } = setUp()
  const { seen, replaying } = replayer(() => 'duplicate', { gone: 'counted' })
  const counts = { replayed: 1, accepted: 0, duplicates: 1, rejected: 0 }
  const results = [{ id: 'gone', status: 'duplicate' }]
  assert.deepEqual(await new Replay(letters, replaying).one({ id: 'gone' }), { ...counts, results })
  assert.equal(seen.length, 0)
  assert.deepEqual(await new Replay(letters, replaying).one({ id: 'gone', event: { n: 1 } }), { ...counts, results })
  const other = await new Replay(letters, replayer(() => 'conflict', { gone: 'counted' }).replaying).one({
    id: 'gone',
    event: { n: 2 },
  })
  assert.deepEqual([other.duplicates, other.rejected], [0, 1])
  assert.equal((await letters.summary()).total, 0)
  await assert.rejects(new Replay(letters, replaying).one({ id: 'new', event: { n: 1 } }), { status: 404 })
  assert.equal(seen.length, 1)
})

test('gives the repair of an event that was set aside an id of its own, whatever the reason of its letter', async () => {
  for (const reason of ['unprojectable', 'timestamp_in_future', 'event_conflict']) {
    const { letters } = setUp()
    await letters.keep([letter('far', reason)])
    const { seen, replaying } = replayer(() => 'accepted', { far: 'set aside' })
    const { results } = await new Replay(letters, replaying).one({ id: 'far', event: { n: 'repaired' } })
    assert.deepEqual(results, [{ id: 'far:repaired', status: 'accepted' }])
    assert.deepEqual(seen, [{ value: { n: 'repaired' }, letter: { id: 'far:repaired' } }])
    assert.equal((await letters.summary()).total, 0)
  }
})

test('keeps names and texts of any kind unchanged', async () => {
  const { letters } = setUp()
  const event: unknown = JSON.parse('{"__proto__":{"x":1},"t":"\\ud800\\u0000"}')
  await letters.keep([letter('a', 'key_forbidden', event)])
  const [kept] = (await letters.list({ limit: 1 })).items
  assert.equal(JSON.stringify(kept?.event), JSON.stringify(event))
})
