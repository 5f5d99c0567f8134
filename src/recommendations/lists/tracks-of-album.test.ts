import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareIds } from '../../identity/entity-ref.ts'
import { tracksOfAlbum } from './tracks-of-album.ts'

test('the tracks of an album are those whose keys begin with its id, and not those of an album with a longer one', () => {
  const ids = ['a_1', 'a_10', 'a_2', 'ab_1', '9', 'a', '7_1', '7_2', '77_1', 'b_a_1', 'song'].sort(compareIds)
  const tracks = (album: string) => tracksOfAlbum(album, ids).map(item => ids[item])
  assert.deepEqual(tracks('a'), ['a_1', 'a_10', 'a_2'])
  assert.deepEqual(tracks('7'), ['7_1', '7_2'])
  assert.deepEqual(tracks('c'), [])
})
