import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswerCache } from './answer-cache.ts'

const TTL = 1000

/** A cache with a clock that the test sets, 0 at first. */
function cacheOf(maxSize = 100) {
  const clock = { now: 0 }
  return { clock, cache: new AnswerCache({ maxSize, defaultTtlMs: 3_600_000, now: () => clock.now }) }
}

/** A computation that ends when the test resolves it, and counts how often it began. */
function pending<T>() {
  const runs: PromiseWithResolvers<T>[] = []
  const compute = () => {
    const run = Promise.withResolvers<T>()
    runs.push(run)
    return run.promise
  }
  return { runs, compute }
}

const turn = () => new Promise(resolve => setImmediate(resolve))
const fails = async (): Promise<string> => {
  throw new Error('down')
}

test('the answer cache computes an answer once in its time to live', async () => {
  const { cache, clock } = cacheOf()
  let computed = 0
  const get = () => cache.get('k', TTL, async () => ++computed)
  assert.equal(await get(), 1)
  clock.now = TTL
  assert.equal(await get(), 1)
  assert.ok(cache.fresh('k'))
  clock.now = TTL + 1
  assert.ok(!cache.fresh('k'))
  assert.equal(cache.peek('k'), 1)
  assert.equal(await get(), 2)
  const { hits, misses } = cache.info()
  assert.deepEqual({ hits, misses }, { hits: 1, misses: 2 })
})

test('the answer cache takes the time to live from the answer', async () => {
  const { cache, clock } = cacheOf()
  const get = (value: number) =>
    cache.get(
      'k',
      answer => answer * 10,
      async () => value,
    )
  assert.equal(await get(5), 5)
  clock.now = 50
  assert.equal(await get(6), 5)
  clock.now = 51
  assert.equal(await get(0), 0)
  clock.now = 53
  assert.equal(await get(7), 7)
})

test('the answer cache caches null, undefined and other falsy answers', async () => {
  const { cache } = cacheOf()
  for (const [i, nothing] of [null, undefined, 0, '', false].entries()) {
    let computed = 0
    const get = () =>
      cache.get(`k${i}`, TTL, async () => {
        computed++
        return nothing
      })
    assert.equal(await get(), nothing)
    assert.equal(await get(), nothing)
    assert.equal(computed, 1)
    assert.ok(cache.fresh(`k${i}`))
  }
})

test('the answer cache makes one computation for a thousand concurrent callers of a key', async () => {
  const { cache } = cacheOf()
  const { runs, compute } = pending<object>()
  const answers = Array.from({ length: 1000 }, () => cache.get('k', TTL, compute))
  await turn()
  assert.equal(runs.length, 1)
  const value = {}
  runs[0]?.resolve(value)
  assert.ok((await Promise.all(answers)).every(answer => answer === value))
  assert.equal(cache.info().misses, 1000)
})

test('the answer cache returns the old answer where computing fails, and computes again the next time', async () => {
  const { cache, clock } = cacheOf()
  await cache.get('k', TTL, async () => 'old')
  clock.now = 5000
  assert.equal(await cache.get('k', TTL, fails), 'old')
  assert.equal(await cache.get('k', TTL, fails), 'old')
  assert.ok(!cache.fresh('k'))
  assert.equal(await cache.get('k', TTL, async () => 'new'), 'new')
})

test('the answer cache throws where computing fails and there is no old answer, and caches nothing', async () => {
  const { cache } = cacheOf()
  await assert.rejects(cache.get('k', TTL, fails), /down/)
  await assert.rejects(
    cache.get('k', TTL, () => {
      throw new Error('at once')
    }),
    /at once/,
  )
  assert.equal(cache.info().current_size, 0)
  assert.equal(await cache.get('k', TTL, async () => 1), 1)
})

test('the answer cache leaves no rejection unhandled where no caller waits any more', async t => {
  const unhandled: unknown[] = []
  const listener = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', listener)
  t.after(() => process.off('unhandledRejection', listener))
  const { cache } = cacheOf(1)
  for (const key of ['a', 'b', 'a']) void cache.get(key, TTL, fails)
  cache.clear()
  void cache.get('a', TTL, fails)
  await turn()
  await turn()
  assert.deepEqual(unhandled, [])
})

for (const key of ['k', undefined]) {
  test(`the answer cache never caches what was being computed when ${key ?? 'all'} was cleared`, async () => {
    const { cache } = cacheOf()
    const before = pending<string>()
    const after = pending<string>()
    const early = [cache.get('k', TTL, before.compute), cache.get('k', TTL, before.compute)]
    await turn()
    cache.clear(key)
    const late = cache.get('k', TTL, after.compute)
    await turn()
    assert.deepEqual([before.runs.length, after.runs.length], [1, 1])
    before.runs[0]?.resolve('before')
    assert.deepEqual(await Promise.all(early), ['before', 'before'])
    assert.equal(cache.peek('k'), undefined)
    after.runs[0]?.resolve('after')
    assert.equal(await late, 'after')
    assert.equal(cache.peek('k'), 'after')
  })
}

test('the answer cache does not cache a refresh that was cleared, whichever computation ends last', async () => {
  const { cache, clock } = cacheOf()
  await cache.get('other', TTL, async () => 0)
  await cache.get('k', TTL, async () => 'old')
  clock.now = 5000
  const before = pending<string>()
  const early = cache.get('k', TTL, before.compute)
  await turn()
  cache.clear('k')
  assert.equal(await cache.get('k', TTL, async () => 'after'), 'after')
  before.runs[0]?.resolve('before')
  assert.equal(await early, 'before')
  assert.equal(cache.peek('k'), 'after')
  assert.equal(cache.peek('other'), 0)
})

test('the answer cache computes more keys at once than it can hold, each once', async () => {
  const { cache } = cacheOf(3)
  const { runs, compute } = pending<number>()
  const keys = Array.from({ length: 50 }, (_, i) => `k${i}`)
  const ask = () => keys.map(key => cache.get(key, TTL, compute))
  const answers = [...ask(), ...ask()]
  await turn()
  assert.equal(runs.length, 50)
  for (const [i, run] of runs.entries()) run.resolve(i)
  const values = Array.from(keys, (_, i) => i)
  assert.deepEqual(await Promise.all(answers), [...values, ...values])
  assert.equal(cache.info().current_size, 3)
})

test('the answer cache rejects more failing keys at once than it can hold', async () => {
  const { cache } = cacheOf(3)
  const results = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => cache.get(`k${i}`, TTL, fails)))
  assert.ok(results.every(({ status }) => status === 'rejected'))
  assert.equal(cache.info().current_size, 0)
})

test('the answer cache makes no second computation when one that was cleared ends', async () => {
  const { cache } = cacheOf(1)
  const { runs, compute } = pending<number>()
  const cleared = cache.get('k', TTL, compute)
  await turn()
  cache.clear()
  const answers = [cache.get('k', TTL, compute)]
  await turn()
  runs[0]?.resolve(0)
  await cleared
  await cache.get('other', TTL, async () => 0)
  answers.push(cache.get('k', TTL, compute))
  await turn()
  assert.equal(runs.length, 2)
  runs[1]?.resolve(1)
  assert.deepEqual(await Promise.all(answers), [1, 1])
})

test('the answer cache confuses no keys where a computation asks for another key and evicts itself', async () => {
  const { cache, clock } = cacheOf(2)
  for (const key of ['outer', 'other']) await cache.get(key, TTL, async () => `old ${key}`)
  clock.now = 5000
  const { runs, compute } = pending<string>()
  const outer = cache.get('outer', TTL, async () => `new ${await cache.get('inner', TTL, compute)}`)
  await turn()
  assert.equal(cache.peek('inner'), undefined)
  runs[0]?.resolve('inner')
  assert.equal(await outer, 'new inner')
  assert.equal(cache.peek('inner'), 'inner')
})

test('the answer cache can be called by a computation', async () => {
  const { cache, clock } = cacheOf(1)
  const get = () => cache.get('outer', TTL, () => cache.get('inner', TTL, async () => clock.now))
  assert.equal(await get(), 0)
  clock.now = 5000
  assert.equal(await get(), 5000)
})

test('the answer cache lists its keys, the most recently used first, with expired answers and without unfinished ones', async () => {
  const { cache, clock } = cacheOf(200)
  for (let i = 0; i < 120; i++) await cache.get(`k${i}`, TTL, async () => i)
  clock.now = 5000
  const { compute } = pending<number>()
  void cache.get('unfinished', TTL, compute)
  void cache.get('k7', TTL, compute)
  const info = cache.info()
  assert.deepEqual(info, {
    current_size: 120,
    max_size: 200,
    ttl_seconds: 3600,
    keys: Array.from({ length: 50 }, (_, i) => `k${119 - i}`),
    hits: 0,
    misses: 122,
  })
  assert.equal(cache.peek('k7'), 7)
  cache.clear('k119')
  assert.equal(cache.info().keys[0], 'k118')
  cache.clear()
  assert.equal(cache.info().current_size, 0)
})

test('the answer cache shows hashes of listener ids, and clears by the hash and by the id', async () => {
  const { cache } = cacheOf(9)
  const ask = (key: string) => cache.get(key, TTL, async () => key)
  const shown = async (key: string) => {
    await ask(key)
    return cache.info().keys[0] ?? ''
  }
  const [anna, bert] = [await shown('user:anna@example.org'), await shown('user:bert')]
  for (const key of [anna, bert]) assert.match(key, /^user:#[\w-]{22}$/)
  assert.notEqual(anna, bert)
  assert.equal(await shown('user:anna@example.org'), anna)
  cache.clear('user:bert')
  assert.deepEqual(cache.info().keys, [anna])
  cache.clear(anna)
  assert.deepEqual(cache.info().keys, [])
  // The shown key is no listener's key: it has an answer of its own.
  assert.equal(await ask('user:anna@example.org'), 'user:anna@example.org')
  assert.equal(await ask(anna), anna)
  assert.equal(cache.peek('user:anna@example.org'), 'user:anna@example.org')
})

test('the answer cache evicts the least recently used answer', async () => {
  const { cache } = cacheOf(2)
  for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, TTL, async () => key)
  assert.deepEqual(cache.info().keys, ['c', 'a'])
})

test('the answer cache limits the total size of its answers, however few they are', async () => {
  const { cache } = cacheOf(100)
  const large = 'x'.repeat(5_000_000)
  for (const key of ['a', 'b', 'c', 'd']) await cache.get(key, TTL, async () => [{ large }])
  assert.deepEqual(cache.info().keys, ['d', 'c', 'b'])
  assert.equal(await cache.get('e', TTL, async () => large.repeat(4)).then(text => text.length), 20_000_000)
  assert.deepEqual(cache.info().keys, ['d', 'c', 'b'])
})
