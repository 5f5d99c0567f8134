import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import { type AlbumRecord, readRecord } from './catalogue-record.ts'
import { RecordStore } from './record-store.ts'

const album = (id: string) => ({
  ...{ id, title: null, artistId: '4', artistName: null, genre: 'Rock', coverImage: null },
  ...{ releaseDate: null, releaseYear: null },
  ...{ url: null, tracks: [], hasAllTracks: true, isHidden: false },
})

test('the record of an album has its title, its release and the tracks that have a title', async () => {
  const { documents } = openTempStore()
  const tracks = [
    { id: '1', otherId: null, title: 'One', url: null },
    { id: '2', otherId: null, title: null, url: null },
  ]
  const said = { title: 'Night Drive', releaseDate: '2026-03-01', releaseYear: 2026 }
  await new RecordStore(documents, Date.now).writeAlbum({ ...album('a1'), ...said, tracks })
  const kept = await documents.get(CATALOGUE_RECORDS, 'album:a1')
  const { title, releaseDate, releaseYear, tracks: known } = readRecord(kept!.value) as AlbumRecord
  assert.deepEqual({ title, releaseDate, releaseYear }, said)
  assert.deepEqual(known, [{ id: '1', title: 'One' }])
})

test('an answer is stored when it comes before close, and dropped without an error when it comes after', async () => {
  const documents = failing(openTempStore().documents)
  const store = new RecordStore(documents, Date.now)
  store.writeSoon({ album: album('before') })
  await store.close()
  documents.failure = new Error('the store has ended')
  store.writeSoon({ album: album('after') })
  // Longer than answers are gathered before they are written.
  await wait(300)
  documents.failure = undefined
  const kept = await documents.list(CATALOGUE_RECORDS, { limit: 10 })
  assert.deepEqual(
    kept.map(({ id }) => id),
    ['album:before'],
  )
})
