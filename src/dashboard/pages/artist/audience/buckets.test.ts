/** The names of buckets of plays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bucketName } from './buckets.ts'

test('a bucket is called by its number, by its ends, or by its least and a plus', () => {
  const buckets = [
    { from: 1, to: 1 },
    { from: 3, to: 5 },
    { from: 101, to: null },
  ]
  assert.deepEqual(
    buckets.map(bucket => bucketName(bucket, String)),
    ['1', '3–5', '101+'],
  )
})
