import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import { recommendByGenre } from './genre-taste.ts'
import type { ListenerProfile } from './listener-profile.ts'

const album = (id: string, genre: string | null): CatalogueAlbum => ({
  id,
  title: `Title ${id}`,
  artistName: 'Ana',
  artistId: '4',
  genre,
  coverImage: null,
  releaseDate: null,
  releaseYear: null,
  tracks: [{ id: '1', otherId: null, title: 'Song', url: null }],
  hasAllTracks: true,
  isHidden: false,
})

function profile(shares: Record<string, number>, more: Partial<ListenerProfile> = {}): ListenerProfile {
  const genres = Object.entries(shares).map(([genre, share]) => ({ genre, share, because: [] }))
  return { genres, hadAlbums: new Set(), hadArtists: new Set(), ownAlbumPlays: new Map(), ...more }
}

const listed = (...albums: CatalogueAlbum[]) => Map.groupBy(albums, ({ genre }) => (genre ?? '').toLowerCase())

test('albums by genre have their reason and the items that explain it', () => {
  const because = [{ type: 'track' as const, id: 'b_1', albumId: 'b', trackId: '1', title: null, share: 1 }]
  const taste = { ...profile({}), genres: [{ genre: 'rock', share: 1, because }], hadAlbums: new Set(['b']) }
  assert.deepEqual(recommendByGenre(taste, listed(album('a', 'Rock'), album('b', 'Rock')), new Map(), 10), [
    {
      id: 'a',
      type: 'album',
      title: 'Title a',
      coverImage: null,
      artist: 'Ana',
      reason: 'genre:Rock',
      score: 1,
      strategy: 'genre',
      exploration: false,
      because: [{ type: 'track', id: 'b_1', albumId: 'b', trackId: '1', title: 'Song', share: 1 }],
    },
  ])
})

test('albums by genre share the list in proportion to the taste', () => {
  const albums = listed(...['a', 'b', 'c', 'd'].map(id => album(id, 'Rock')), album('j', 'Jazz'), album('k', 'Jazz'))
  const rows = recommendByGenre(profile({ rock: 0.7, jazz: 0.3 }), albums, new Map(), 5)
  assert.deepEqual(
    rows.map(({ id, score }) => [id, score]),
    [
      ['a', 0.7],
      ['b', 0.35],
      ['j', 0.3],
      ['c', 0.7 / 3],
      ['d', 0.7 / 4],
    ],
  )
})

test('albums by genre are ordered by the plays of others, then by id', () => {
  const albums = listed(...['10', '9', 'mine', 'loved'].map(id => album(id, 'Rock')))
  const plays = new Map([
    ['mine', 4],
    ['loved', 2],
  ])
  const rows = recommendByGenre(profile({ rock: 1 }, { ownAlbumPlays: new Map([['mine', 3]]) }), albums, plays, 10)
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['loved', 'mine', '9', '10'],
  )
})

test('albums by genre are of exactly the genre, and come once', () => {
  const albums = new Map([
    ['rock', [album('a', 'Rockabilly'), album('b', null), album('c', ' ROCK'), album('c', 'Rock')]],
    ['jazz', [album('c', 'Jazz'), album('d', 'Jazz')]],
  ])
  const rows = recommendByGenre(profile({ rock: 0.6, jazz: 0.4 }), albums, new Map(), 10)
  assert.deepEqual(
    rows.map(({ id, reason }) => [id, reason]),
    [
      ['c', 'genre:Rock'],
      ['d', 'genre:Jazz'],
    ],
  )
})
