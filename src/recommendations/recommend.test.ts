import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ListSources, listWithoutModel } from '../../test/support/list-without-model.ts'
import type { CatalogueAlbum } from '../catalogue/answers.ts'
import type { ListenerProfile } from './listener-profile.ts'

const album = (id: string, genre: string): CatalogueAlbum => ({
  id,
  title: null,
  artistName: null,
  artistId: null,
  genre,
  coverImage: null,
  releaseDate: null,
  releaseYear: null,
  tracks: [],
  hasAllTracks: true,
  isHidden: false,
})

function profile(shares: Record<string, number>): ListenerProfile {
  const genres = Object.entries(shares).map(([genre, share]) => ({ genre, share, because: [] }))
  return { genres, hadAlbums: new Set(), hadArtists: new Set(['5']), ownAlbumPlays: new Map() }
}

function sources(more: Partial<ListSources> = {}): ListSources {
  return {
    profile: async () => profile({ rock: 0.6, jazz: 0.4 }),
    albumPlays: async () => new Map(),
    popularArtists: async () =>
      ['4', '5', '6'].map(id => ({ id, name: `Name ${id}`, count: 1, countOf: 'follows' as const })),
    albumsOfGenre: async genre => [album(`${genre}1`, genre), album(`${genre}2`, genre)],
    ...more,
  }
}

async function ids(limit: number, more: Partial<ListSources> = {}): Promise<string[]> {
  return (await listWithoutModel('u1', limit, sources(more))).map(({ id }) => id)
}

test('recommendations for a listener are albums of the genres, then popular artists, with falling scores', async () => {
  const rows = await listWithoutModel('u1', 10, sources())
  assert.deepEqual(
    rows.map(({ id, reason }) => [id, reason]),
    [
      ['rock1', 'genre:rock'],
      ['jazz1', 'genre:jazz'],
      ['rock2', 'genre:rock'],
      ['jazz2', 'genre:jazz'],
      ['4', 'popular'],
      ['6', 'popular'],
    ],
  )
  const scores = rows.map(({ score }) => score)
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  )
})

test('recommendations for a listener with a lower limit are the beginning of the same list', async () => {
  const rows = await listWithoutModel('u1', 10, sources())
  for (const limit of [1, 4, 5]) assert.deepEqual(await listWithoutModel('u1', limit, sources()), rows.slice(0, limit))
})

test('recommendations for a listener leave out a genre for which the catalogue fails', async () => {
  const albumsOfGenre = async (genre: string) => {
    if (genre === 'rock') throw new Error('timed out')
    return [album('j', 'Jazz')]
  }
  assert.deepEqual(await ids(10, { albumsOfGenre }), ['j', '4', '6'])
})

test('recommendations for a listener are popular artists where there is no catalogue, or the listener has no events', async () => {
  assert.deepEqual(await ids(10, { albumsOfGenre: null }), ['4', '6'])
  assert.deepEqual(await ids(10, { albumsOfGenre: () => Promise.reject(new Error('down')) }), ['4', '6'])
  const newListener = { ...profile({}), hadArtists: new Set<string>() }
  assert.deepEqual(await ids(10, { profile: async () => newListener }), ['4', '5', '6'])
})

test('recommendations for a listener ask the catalogue for the five strongest genres only', async () => {
  const asked: string[] = []
  const shares = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map(genre => [genre, 1 / 6]))
  await ids(10, {
    profile: async () => profile(shares),
    albumsOfGenre: async genre => {
      asked.push(genre)
      return []
    },
  })
  assert.deepEqual(asked, ['a', 'b', 'c', 'd', 'e'])
})
