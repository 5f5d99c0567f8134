import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import { similarByGenre } from './similar-by-genre.ts'

const album = (id: string, genre: string | null = 'Rock'): CatalogueAlbum => ({
  id,
  title: `Title ${id}`,
  artistName: 'Ana',
  artistId: '4',
  genre,
  coverImage: 'http://covers/a.jpg',
  releaseDate: null,
  releaseYear: null,
  tracks: [],
  hasAllTracks: true,
  isHidden: false,
})

test('similar albums are of exactly the genre in any case, without the excluded album', () => {
  const albums = [album('a'), album('b', 'Rockabilly'), album('c', ' rOCK'), album('d', null), album('e')]
  const rows = similarByGenre(albums, new Map(), { genre: 'ROCK', excludeId: 'e', limit: 10 })
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['a', 'c'],
  )
  assert.deepEqual(rows[0], {
    id: 'a',
    type: 'album',
    title: 'Title a',
    coverImage: 'http://covers/a.jpg',
    artist: 'Ana',
    reason: 'genre:ROCK',
    score: 0,
    strategy: 'genre',
    exploration: false,
    because: [],
  })
})

test('similar albums are ordered by plays, then as in the catalogue', () => {
  const plays = new Map([
    ['c', 4],
    ['b', 1],
    ['other', 99],
  ])
  const albums = ['d', 'a', 'b', 'c'].map(id => album(id))
  const rows = similarByGenre(albums, plays, { genre: 'Rock', limit: 3 })
  assert.deepEqual(
    rows.map(({ id, score }) => [id, score]),
    [
      ['c', 1],
      ['b', 0.25],
      ['d', 0],
    ],
  )
})
