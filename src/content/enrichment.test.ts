import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { CatalogueArtist } from './answers.ts'
import { enrichRecommendations } from './enrichment.ts'

const popular = (id: string): Recommendation => {
  const name = `Name ${id}`
  return { id, type: 'artist', title: name, artist: name, coverImage: null, reason: 'popular', score: 1, because: [] }
}

it('recommended artists have the name and picture of the catalogue where it says them in time', async () => {
  const beats: CatalogueArtist = {
    id: '4',
    otherId: null,
    name: 'DJ Beats',
    profileImage: 'http://pictures/4.jpg',
    genre: null,
    email: null,
  }
  const catalogue = {
    artist: async (id: string) => {
      if (id === '6') throw new Error('timed out')
      return id === '8' ? new Promise<null>(() => {}) : beats
    },
    known: { album: () => undefined, artist: () => undefined, albumsOfGenre: () => undefined },
  }
  const rows = await enrichRecommendations([popular('4'), popular('6'), popular('8')], catalogue, 20)
  assert.deepEqual(
    rows.map(({ title, artist, coverImage }) => [title, artist, coverImage]),
    [
      ['DJ Beats', 'DJ Beats', 'http://pictures/4.jpg'],
      ['Name 6', 'Name 6', null],
      ['Name 8', 'Name 8', null],
    ],
  )
})
