import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { QuestionRefused } from '../figures.ts'
import { ConcurrencyLimit } from './concurrency-limit.ts'

/** A limit with questions that run until `end` is called; `order` lists those that began. */
function start() {
  const limit = new ConcurrencyLimit()
  const order: string[] = []
  const ends = new Map<string, () => void>()
  const refused: string[] = []
  const ask = (name: string, client: string, more: { key?: string; signal?: AbortSignal } = {}) => {
    const question = async (abandoned: AbortSignal) => {
      order.push(name)
      await new Promise<void>((resolve, reject) => {
        ends.set(name, resolve)
        abandoned.addEventListener('abort', () => reject(abandoned.reason))
      })
      return name
    }
    const answer = limit.ask(question, { client, ...more })
    answer.catch(error => {
      if (error instanceof QuestionRefused) refused.push(name)
    })
    return answer
  }
  const end = async (name: string) => {
    ends.get(name)!()
    ends.delete(name)
    for (let i = 0; i < 5; i++) await setImmediate()
  }
  const endAll = async () => {
    while (ends.size > 0) for (const name of [...ends.keys()]) await end(name)
    await limit.idle()
  }
  return { limit, order, refused, ask, end, endAll }
}

const names = (client: string, count: number) => Array.from({ length: count }, (_, i) => `${client}${i}`)

test('clients take turns, each with its oldest question', async () => {
  const { order, ask, end, endAll } = start()
  for (const name of names('a', 6)) ask(name, 'a')
  for (const name of names('b', 2)) ask(name, 'b')
  ask('c0', 'c')
  for (const name of ['a0', 'a1', 'a2', 'b0']) await end(name)
  assert.deepEqual(order, ['a0', 'a1', 'a2', 'b0', 'c0', 'a3'])
  await endAll()
  assert.deepEqual(order.slice(6), ['b1', 'a4', 'a5'])
})

test('when the queue is full, a client with fewer questions displaces the newest one of the client with the most', async () => {
  const { refused, ask, endAll } = start()
  for (const name of names('a', 35)) ask(name, 'a')
  await setImmediate()
  assert.deepEqual(refused, ['a34'])
  for (const name of names('b', 20)) ask(name, 'b')
  await setImmediate()
  // Now each client has 16 of the 32, and further questions of both are refused.
  assert.deepEqual(refused.sort(), [...names('a', 35).slice(18), ...names('b', 20).slice(16)].sort())
  ask('c0', 'c')
  await setImmediate()
  assert.equal(refused.length, 22)
  await endAll()
})

test('a question that waits already is answered once for all callers of its client', async () => {
  const { order, ask, endAll } = start()
  for (const name of names('a', 2)) ask(name, 'a')
  const same = ['x1', 'x2', 'x3'].map(name => ask(name, 'a', { key: 'x' }))
  const other = ask('x4', 'b', { key: 'x' })
  await setImmediate()
  await endAll()
  assert.deepEqual(await Promise.all([...same, other]), ['x1', 'x1', 'x1', 'x4'])
  assert.deepEqual(order, ['a0', 'a1', 'x1', 'x4'])
})

test('a question goes on for as long as one of its callers waits', async () => {
  const { order, ask, end, endAll } = start()
  for (const name of names('a', 2)) ask(name, 'a')
  const [one, two, only] = [new AbortController(), new AbortController(), new AbortController()]
  const first = ask('x', 'a', { key: 'x', signal: one.signal })
  const second = ask('x again', 'a', { key: 'x', signal: two.signal })
  const third = ask('y', 'a', { signal: only.signal })
  one.abort()
  only.abort()
  await assert.rejects(first, { name: 'AbortError' })
  await assert.rejects(third, { name: 'AbortError' })
  await end('a0')
  assert.deepEqual(order, ['a0', 'a1', 'x'])
  two.abort()
  await assert.rejects(second, { name: 'AbortError' })
  await end('a1')
  await endAll()
  assert.deepEqual(order, ['a0', 'a1', 'x'])
})
