import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ref } from '../../test/support/ref.ts'
import { type CatalogueAlbum, type CatalogueArtist, readAlbum, readArtist } from '../catalogue/answers.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { AlbumRow, ArtistRow, TrackRow } from '../statistics/trending-rows.ts'
import { enrichRecommendations, enrichRows, existing } from './enrichment.ts'

const BUDGET_MS = 20
const TRACKS = [{ id: 1, title: 'One' }, { id: 2 }, { id: 3, _id: 'bare-track-id', title: 'Three' }]

/** What it says of the ids that are asked for here; 'late' never comes, and 'failing' fails. */
const ALBUMS: Record<string, unknown> = {
  a: { id: 'a', title: 'Night', artist: 'DJ Beats', coverImage: 'http://covers/a', tracks: TRACKS },
  nameless: { id: 'nameless', tracks: [] },
  partly: { id: 'partly', title: 'Day', tracks: [{ title: 'of no id' }] },
  gone: null,
}
const ARTISTS: Record<string, unknown> = {
  4: { id: 4, name: 'DJ Beats', profileImage: 'http://pictures/4.jpg' },
  5: { id: 5 },
  gone: null,
}

function answer<T>(answers: Record<string, unknown>, read: (answer: unknown, id: string) => T | undefined) {
  return async (id: string): Promise<T | null | undefined> => {
    if (id === 'late') return new Promise<undefined>(() => {})
    if (id === 'failing') throw new Error('timed out')
    return answers[id] === null ? null : read(answers[id], id)
  }
}

const catalogue = {
  album: answer<CatalogueAlbum>(ALBUMS, readAlbum),
  artist: answer<CatalogueArtist>(ARTISTS, readArtist),
  known: {
    album: (id: string) => (id === 'gone' ? null : undefined),
    artist: () => undefined,
    albumsOfGenre: () => undefined,
  },
}

const PLACE = { count: 1, rank: 1, previousRank: null, previousCount: 0, enriched: false }
const NOTHING = { title: null, coverImage: null, artistName: null, url: null }

const track = (albumId: string | null, trackId: string, more: Partial<TrackRow> = {}): TrackRow => {
  const key = albumId === null ? trackId : `${albumId}_${trackId}`
  return { ...PLACE, ...NOTHING, type: 'track', id: key, key, trackId: albumId && trackId, albumId, ...more }
}
const album = (id: string, title: string | null = null): AlbumRow => ({
  ...PLACE,
  ...NOTHING,
  type: 'album',
  id,
  key: id,
  albumId: id,
  title,
})
const artist = (id: string, name: string | null = null): ArtistRow => ({
  ...PLACE,
  type: 'artist',
  id,
  key: ref(`artist:${id}`),
  entityId: id,
  name,
  profileImage: null,
})

const enriched = (...rows: (TrackRow | AlbumRow | ArtistRow)[]) => enrichRows(rows, catalogue, BUDGET_MS)

describe('rows of a ranking', () => {
  it('are filled in by the catalogue', async () => {
    const [one, night, beats] = await enriched(track('a', '1'), album('a'), artist('4'))
    const filled = { coverImage: 'http://covers/a', artistName: 'DJ Beats', enriched: true }
    assert.deepEqual(one, { ...track('a', '1'), ...filled, title: 'One' })
    assert.deepEqual(night, { ...album('a'), ...filled, title: 'Night' })
    assert.deepEqual(beats, { ...artist('4'), name: 'DJ Beats', profileImage: 'http://pictures/4.jpg', enriched: true })
  })

  it('leave where the catalogue has no such album, artist, or track of that number', async () => {
    const rows = await enriched(track('gone', '1'), album('gone'), artist('gone'), track('a', '9'))
    assert.deepEqual(rows, [null, null, null, null])
  })

  it('stay as they are where it says nothing now, or can not say', async () => {
    const unsaid = ['late', 'failing', 'of-a-strange-form'].flatMap(id => [track(id, '1'), album(id), artist(id)])
    const rows = [...unsaid, track(null, 'spotify:track:77'), { ...artist('ana'), key: ref<'name'>('name:ana') }]
    assert.deepEqual(await enriched(...rows), rows)
  })

  it('stay where not all tracks could be read, or the id is no number of the album', async () => {
    const rows = await enriched(
      track('partly', '1'),
      track('a', 'spotify:track:77', { id: 'spotify:track:77', key: 'spotify:track:77' }),
      track('a', 'bare-track-id', { id: 'bare-track-id', key: 'bare-track-id' }),
    )
    assert.deepEqual(
      rows.map(row => row?.type === 'track' && [row.title, row.enriched]),
      [
        [null, false],
        [null, false],
        ['Three', true],
      ],
    )
  })

  it('are called by what events taught where the catalogue has no title, else they are not enriched', async () => {
    const rows = await enriched(
      track('a', '2'),
      track('a', '2', { title: 'Two' }),
      album('nameless'),
      album('nameless', 'Taught'),
      artist('5'),
      artist('5', 'Taught'),
    )
    assert.deepEqual(
      rows.map(row => [row?.type === 'artist' ? row.name : row?.title, row?.enriched]),
      [
        [null, false],
        ['Two', true],
        [null, false],
        ['Taught', true],
        [null, false],
        ['Taught', true],
      ],
    )
  })
})

describe('the existing ones of a list', () => {
  it('are filled up from what comes next, asking for no more than are missing', async () => {
    const asked: number[][] = []
    const enrich = async (some: readonly number[]) => {
      asked.push([...some])
      return some.map(n => (n % 3 === 0 ? null : n))
    }
    assert.deepEqual(await existing([1, 2, 3, 4, 6, 7, 8], 4, enrich), { shown: [1, 2, 4, 7], gone: [3, 6] })
    assert.deepEqual(asked, [[1, 2, 3, 4], [6], [7]])
    assert.deepEqual(await existing([3, 6, 7], 4, enrich), { shown: [7], gone: [3, 6] })
  })
})

const recommended = (type: 'album' | 'artist', id: string): Recommendation => {
  const name = `Name ${id}`
  return { id, type, title: name, artist: name, coverImage: null, reason: 'popular', score: 1, because: [] }
}

describe('recommendations', () => {
  it('of artists have the name and picture of the catalogue where it says them in time', async () => {
    const ids = ['4', 'failing', 'late']
    const artists = ids.map(id => recommended('artist', id))
    const rows = await enrichRecommendations(artists, catalogue, BUDGET_MS)
    assert.deepEqual(
      rows.map(row => [row?.title, row?.artist, row?.coverImage]),
      [
        ['DJ Beats', 'DJ Beats', 'http://pictures/4.jpg'],
        ['Name failing', 'Name failing', null],
        ['Name late', 'Name late', null],
      ],
    )
  })

  it('leave where the catalogue has said that there is no such artist or album', async () => {
    const rows = [recommended('album', 'a'), recommended('album', 'gone'), recommended('artist', 'gone')]
    assert.deepEqual(await enrichRecommendations(rows, catalogue, BUDGET_MS), [rows[0], null, null])
  })
})
