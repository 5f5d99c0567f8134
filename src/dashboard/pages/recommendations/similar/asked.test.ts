import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAsked } from './asked.ts'

const asked = (query: string) => readAsked(new URLSearchParams(query))

test('an address asks what is similar to an artist, an album or a track, of whatever id', () => {
  assert.deepEqual(asked('artistId=4'), { to: 'item', kind: 'artist', id: '4' })
  assert.deepEqual(asked('albumId=a%2Fb'), { to: 'item', kind: 'album', id: 'a/b' })
  assert.deepEqual(asked('trackId=a_1'), { to: 'item', kind: 'track', id: 'a_1' })
})

test('an address asks for albums of a genre, perhaps without one of them', () => {
  assert.deepEqual(asked('genre=+R%26B'), { to: 'genre', genre: 'R&B', excludeId: '' })
  assert.deepEqual(asked('genre=Rock&excludeId=a'), { to: 'genre', genre: 'Rock', excludeId: 'a' })
})

test('an item comes before a genre, and blanks ask for nothing', () => {
  assert.deepEqual(asked('genre=Rock&trackId=t&albumId=a'), { to: 'item', kind: 'album', id: 'a' })
  for (const query of ['', 'artistId=', 'genre=++', 'excludeId=a']) assert.deepEqual(asked(query), { to: 'nothing' })
})
