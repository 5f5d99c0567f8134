import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonOf } from './reason.ts'

test('a reason names a genre, something similar, or that it is popular', () => {
  assert.deepEqual(reasonOf('genre:Rock'), { kind: 'genre', genre: 'Rock' })
  assert.deepEqual(reasonOf('similar:a_1'), { kind: 'similar', id: 'a_1' })
  assert.deepEqual(reasonOf('popular'), { kind: 'popular' })
})

test('a genre or an id may have a colon in it, and lines', () => {
  assert.deepEqual(reasonOf('genre:drum: bass'), { kind: 'genre', genre: 'drum: bass' })
  assert.deepEqual(reasonOf('similar:genre:a\nb'), { kind: 'similar', id: 'genre:a\nb' })
})

test('a reason of another kind is none of these', () => {
  for (const text of ['', 'genre:', 'popularity', 'explore:4']) assert.equal(reasonOf(text), null)
})
