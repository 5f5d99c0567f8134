import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswerCaches } from './answer-caches.ts'

const cachesOf = (maxSize: number) => new AnswerCaches({ maxSize, defaultTtlMs: 1000 })

test('keys that clients choose evict no others, and info and clear cover both caches', async () => {
  const caches = cachesOf(8)
  await caches.main.get('album:a1', 1000, async () => 1)
  for (let i = 0; i < 100; i++) await caches.clientKeyed.get(`genre:${i}`, 1000, async () => i)
  await caches.main.get('album:a1', 1000, async () => 2)
  assert.deepEqual(caches.info(), {
    current_size: 3,
    max_size: 8,
    ttl_seconds: 1,
    keys: ['album:a1', 'genre:99', 'genre:98'],
    hits: 1,
    misses: 101,
  })
  caches.clear('genre:99')
  assert.deepEqual(caches.info().keys, ['album:a1', 'genre:98'])
  caches.clear()
  assert.equal(caches.info().current_size, 0)
})

test('a limit below 4 is not divided', async () => {
  const caches = cachesOf(1)
  await caches.clientKeyed.get('genre:1', 1000, async () => 1)
  await caches.main.get('album:a1', 1000, async () => 1)
  assert.deepEqual([caches.info().max_size, caches.info().keys], [1, ['album:a1']])
})
