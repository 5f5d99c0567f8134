import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterFirst, asFirst } from './first-questions.ts'

test('a question waits for the answer of one that is first, though that is asked after it', async () => {
  const order: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const other = afterFirst(async () => void order.push('other asked'))
  const first = asFirst(async () => {
    order.push('first asked')
    await promise
    order.push('first answered')
  })
  await new Promise(done => setTimeout(done, 50))
  assert.deepEqual(order, ['first asked'])
  resolve()
  await Promise.all([first, other])
  assert.deepEqual(order, ['first asked', 'first answered', 'other asked'])
})

test('a question that is first and fails holds up nothing, and neither does one that is never answered', async () => {
  await assert.rejects(
    asFirst(() => Promise.reject(new Error('refused'))),
    /refused/,
  )
  assert.equal(await afterFirst(async () => 'answer'), 'answer')
  void asFirst(() => new Promise(() => {}))
  assert.equal(await afterFirst(async () => 'answer'), 'answer')
})
