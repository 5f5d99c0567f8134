/** What the catalogue's answers leave behind. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { CATALOGUE_RECORDS } from '../storage/collections.ts'
import { RecordStore } from './record-store.ts'

const album = (id: string) => ({
  ...{ id, title: null, artistId: '4', artistName: null, genre: 'Rock', coverImage: null },
  ...{ url: null, tracks: [], hasAllTracks: true },
})

test('what was noted before the end is kept; an answer that comes later is not, and nobody is told of a failure', async () => {
  const documents = failing(openTempStore().documents)
  const store = new RecordStore(documents, Date.now)
  store.note({ album: album('before') })
  await store.close()
  documents.failure = new Error('the store has ended')
  store.note({ album: album('after') })
  // Longer than answers gather before they are written.
  await wait(300)
  documents.failure = undefined
  const kept = await documents.list(CATALOGUE_RECORDS, { limit: 10 })
  assert.deepEqual(
    kept.map(({ id }) => id),
    ['album:before'],
  )
})
