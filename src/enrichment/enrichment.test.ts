import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CatalogueAlbum, type CatalogueArtist, readAlbum, readArtist } from '../catalogue/answers.ts'
import { artistRef, nameRef } from '../identity/entity-ref.ts'
import type { Recommendation } from '../recommendations/recommendation.ts'
import type { AlbumRow, ArtistRow, TrackRow } from '../statistics/trending-rows.ts'
import { enrichRecommendations, enrichRows, firstExisting } from './enrichment.ts'

const BUDGET_MS = 20
const TRACKS = [{ id: 1, title: 'One' }, { id: 2 }, { id: 3, _id: 'bare-track-id', title: 'Three' }]

/** The catalogue's answers by id; 'late' is never answered, and 'failing' fails. */
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
const RANKED = { ...PLACE, plays: 1, eligiblePlays: 1, excluded: [] }
const NO_DATA = { title: null, coverImage: null, artistName: null, url: null }

const track = (albumId: string | null, trackId: string, more: Partial<TrackRow> = {}): TrackRow => {
  const key = albumId === null ? trackId : `${albumId}_${trackId}`
  return { ...RANKED, ...NO_DATA, type: 'track', id: key, key, trackId: albumId && trackId, albumId, ...more }
}
const album = (id: string, title: string | null = null): AlbumRow => ({
  ...RANKED,
  ...NO_DATA,
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
  key: artistRef(id),
  entityId: id,
  name,
  profileImage: null,
})

const enriched = (...rows: (TrackRow | AlbumRow | ArtistRow)[]) => enrichRows(rows, catalogue, BUDGET_MS)

test('rows of a ranking get titles, covers and names from the catalogue', async () => {
  const [one, night, beats] = await enriched(track('a', '1'), album('a'), artist('4'))
  const filled = { coverImage: 'http://covers/a', artistName: 'DJ Beats', enriched: true }
  assert.deepEqual(one, { ...track('a', '1'), ...filled, title: 'One' })
  assert.deepEqual(night, { ...album('a'), ...filled, title: 'Night' })
  assert.deepEqual(beats, { ...artist('4'), name: 'DJ Beats', profileImage: 'http://pictures/4.jpg', enriched: true })
})

test('rows of a ranking become null where the catalogue has no such album, artist, or track of that number', async () => {
  const rows = await enriched(track('gone', '1'), album('gone'), artist('gone'), track('a', '9'))
  assert.deepEqual(rows, [null, null, null, null])
})

test('rows of a ranking stay unchanged where the catalogue does not answer, or can not say', async () => {
  const unsaid = ['late', 'failing', 'of-a-strange-form'].flatMap(id => [track(id, '1'), album(id), artist(id)])
  const rows = [...unsaid, track(null, 'spotify:track:77'), { ...artist('ana'), key: nameRef('ana') }]
  assert.deepEqual(await enriched(...rows), rows)
})

test('a track stays where not all tracks of its album could be read, or its id is no number of the album', async () => {
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

test('rows without a title in the catalogue keep the one of the events, or are not enriched', async () => {
  const rows = await enriched(
    track('a', '2'),
    track('a', '2', { title: 'Two' }),
    album('nameless'),
    album('nameless', 'Of events'),
    artist('5'),
    artist('5', 'Of events'),
  )
  assert.deepEqual(
    rows.map(row => [row?.type === 'artist' ? row.name : row?.title, row?.enriched]),
    [
      [null, false],
      ['Two', true],
      [null, false],
      ['Of events', true],
      [null, false],
      ['Of events', true],
    ],
  )
})

test('a budget of 0 ms or less is enough for answers that are there already', async () => {
  for (const budgetMs of [0, -5]) {
    const [row] = await enrichRows([artist('4')], catalogue, budgetMs)
    assert.equal(row?.enriched, true)
  }
})

test('firstExisting replaces rows that are gone by the next ones, and enriches no more than it needs', async () => {
  const asked: number[][] = []
  const enrich = async (some: readonly number[]) => {
    asked.push([...some])
    return some.map(n => (n % 3 === 0 ? null : n))
  }
  assert.deepEqual(await firstExisting([1, 2, 3, 4, 6, 7, 8], 4, enrich), { shown: [1, 2, 4, 7], gone: [3, 6] })
  assert.deepEqual(asked, [[1, 2, 3, 4], [6], [7]])
  assert.deepEqual(await firstExisting([3, 6, 7], 4, enrich), { shown: [7], gone: [3, 6] })
})

const recommended = (type: 'album' | 'artist', id: string): Recommendation => {
  const name = `Name ${id}`
  const how = { reason: 'popular', score: 1, strategy: 'popular', exploration: false, because: [] } as const
  return { id, type, title: name, artist: name, coverImage: null, ...how, because: [] }
}

test('recommended artists get the name and picture of the catalogue where it answers in time', async () => {
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

test('recommendations become null where the catalogue has no such artist or album', async () => {
  const rows = [recommended('album', 'a'), recommended('album', 'gone'), recommended('artist', 'gone')]
  const enriched = await enrichRecommendations(rows, catalogue, BUDGET_MS)
  assert.deepEqual(
    enriched.map(row => row?.title),
    ['Night', undefined, undefined],
  )
})
