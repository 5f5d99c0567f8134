import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uniqueNames } from './titles.ts'

test('releases are called by their titles, by their ids where they have none, and by both where a title is not the only one', () => {
  const named = [
    { id: 'a1', title: 'Night' },
    { id: 'a2', title: 'Day' },
    { id: 'a3', title: 'Night' },
    { id: 'a4', title: null },
  ]
  assert.deepEqual(uniqueNames(named), ['Night (a1)', 'Day', 'Night (a3)', 'a4'])
})
