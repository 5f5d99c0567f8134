/** The id that a path ends with. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastPart } from './paths.ts'

test('an id of any characters comes out of its path as it went in', () => {
  for (const id of ['4', 'a/b?c#d', '<img src=x onerror=alert(1)>', '100%', '%3D', 'Björk & Ñu', "O'Brien"]) {
    assert.equal(lastPart(`/artist/${encodeURIComponent(id)}`), id)
  }
})

test('a path with a per cent sign that encodes nothing is taken as it is', () => {
  assert.equal(lastPart('/artist/100%'), '100%')
})
