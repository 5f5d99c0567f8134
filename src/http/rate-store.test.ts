import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateStore } from './rate-store.ts'

const WINDOW_MS = 60_000

test('requests are counted until the window ends, whatever happens to the clock', t => {
  let now = 0
  let wall = Date.UTC(2026, 10, 24)
  t.mock.method(Date, 'now', () => wall)
  const store = new RateStore(undefined, () => now)
  const seen: unknown[] = []
  const note = (_: unknown, usage: unknown) => void seen.push(usage)
  store.incr('ana', note, WINDOW_MS)
  wall -= 86_400_000
  now = 20_000
  store.incr('ana', note, WINDOW_MS)
  store.read('ana', note)
  store.read('bea', note)
  wall += 2 * 86_400_000
  store.child().read('ana', note)
  store.incr('ana', note, WINDOW_MS)
  now = WINDOW_MS
  store.incr('ana', note, WINDOW_MS)
  assert.deepEqual(seen, [
    { current: 1, ttl: 60_000 },
    { current: 2, ttl: 40_000 },
    { current: 2, ttl: 40_000 },
    { current: 0, ttl: 0 },
    { current: 0, ttl: 0 },
    { current: 3, ttl: 40_000 },
    { current: 1, ttl: 60_000 },
  ])
})

test('by the clock of the machine, no more than a window is left either', () => {
  const store = new RateStore()
  for (let client = 0; client < 2_000; client++) {
    store.incr(String(client), (_, usage) => assert.ok(usage!.ttl <= WINDOW_MS, String(usage!.ttl)), WINDOW_MS)
  }
})
