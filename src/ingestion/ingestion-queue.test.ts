import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceError } from '../errors.ts'
import { type AppendOutcome, type LogEntry, StoreUnavailable } from '../storage/storage.ts'
import { IngestionQueue } from './ingestion-queue.ts'

const entry = (id: string, content = ''): LogEntry => ({ id, timestamp: 0, content, decision: '' })

/** A writer whose batches finish when a test says so. */
function controlledWriter() {
  const batches: { ids: string[]; finish: (error?: Error) => void }[] = []
  const write = (entries: readonly LogEntry[]) =>
    new Promise<AppendOutcome[]>((resolve, reject) => {
      const outcomes = entries.map(({ id }): AppendOutcome => (id.startsWith('dup') ? 'duplicate' : 'accepted'))
      const finish = (error?: Error) => (error ? reject(error) : resolve(outcomes))
      batches.push({ ids: entries.map(({ id }) => id), finish })
    })
  return { batches, write }
}

const turn = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)))

test('writes entries that arrive together in one batch, and gives each request its own outcomes', async () => {
  const { batches, write } = controlledWriter()
  const queue = new IngestionQueue(write)
  const answers = [queue.append([entry('a'), entry('dup-b')]), queue.append([entry('c')])]
  await turn()
  assert.deepEqual(
    batches.map(({ ids }) => ids),
    [['a', 'dup-b', 'c']],
  )
  batches[0]?.finish()
  assert.deepEqual(await Promise.all(answers), [['accepted', 'duplicate'], ['accepted']])
  assert.equal(queue.events, 0)
})

test('writes one batch at a time, and gathers what arrives meanwhile', async () => {
  const { batches, write } = controlledWriter()
  const queue = new IngestionQueue(write)
  const answers: Promise<unknown>[] = []
  for (const id of ['a', 'b', 'c']) {
    answers.push(queue.append([entry(id)]))
    await turn()
  }
  const ids = () => batches.map(batch => batch.ids)
  assert.deepEqual(ids(), [['a']])
  assert.equal(queue.events, 3)
  batches[0]?.finish()
  await turn()
  assert.deepEqual(ids(), [['a'], ['b', 'c']])
  batches[1]?.finish()
  await Promise.all(answers)
})

test('refuses with 503 and Retry-After while too much waits', async () => {
  const { batches, write } = controlledWriter()
  const queue = new IngestionQueue(write)
  const large = 'x'.repeat(2 ** 20)
  const taken: Promise<unknown>[] = []
  let refused: unknown
  for (let i = 0; i < 64 && !refused; i++) {
    const answer = queue.append([entry(`${i}`, large)])
    const refusal = await Promise.race([answer.catch((error: unknown) => error), turn().then(() => undefined)])
    if (refusal) refused = refusal
    else taken.push(answer)
  }
  assert.ok(refused instanceof ServiceError)
  assert.deepEqual([refused.status, refused.code, refused.retryAfter], [503, 'unavailable', 1])
  assert.ok(taken.length > 8)
  assert.ok(queue.load > 0.9)
  while (queue.events > 0) {
    batches.shift()?.finish()
    await turn()
  }
  await Promise.all(taken)
  const again = queue.append([entry('again', large)])
  await turn()
  batches.shift()?.finish()
  assert.deepEqual(await again, ['accepted'])
})

test('fails all that waits behind a batch that failed', async () => {
  const { batches, write } = controlledWriter()
  const queue = new IngestionQueue(write)
  const first = queue.append([entry('a')])
  await turn()
  const second = queue.append([entry('b')])
  await turn()
  batches[0]?.finish(new StoreUnavailable('disk full'))
  await assert.rejects(first, StoreUnavailable)
  await assert.rejects(second, StoreUnavailable)
  assert.equal(batches.length, 1)
  const third = queue.append([entry('c')])
  await turn()
  batches[1]?.finish()
  assert.deepEqual(await third, ['accepted'])
})

test('closes when all that waits is written, and refuses entries meanwhile', async () => {
  const { batches, write } = controlledWriter()
  const queue = new IngestionQueue(write)
  const answer = queue.append([entry('a')])
  await turn()
  let closed = false
  const closing = queue.close().then(() => {
    closed = true
  })
  await assert.rejects(queue.append([entry('b')]), { status: 503 })
  await turn()
  assert.equal(closed, false)
  batches[0]?.finish()
  await closing
  assert.deepEqual(await answer, ['accepted'])
})
