import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileName } from './file-name.ts'

test('a file name keeps letters and numbers of any language, and nothing that a system refuses', () => {
  assert.equal(fileName(['Plays of Ñandú/..\\', 'Nov 1 – 30'], 'png'), 'plays-of-ñandú-nov-1-30.png')
  assert.equal(fileName(['x'.repeat(300)], 'png').length, 84)
})
