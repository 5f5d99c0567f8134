import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRecord, recordDocument, toCatalogueRow, UNKNOWN_ALBUM } from './catalogue-record.ts'

const rowOf = (fields: object) => toCatalogueRow(recordDocument('album:a1', { ...UNKNOWN_ALBUM, ...fields }))

test('a record of an earlier version is an album without title, release and tracks', () => {
  const stored = { kind: 'album', at: 5, missing: false, artistId: '4', name: 'Ana', genre: null }
  const later = { title: null, releaseDate: null, releaseYear: null, tracks: [] }
  assert.deepEqual(readRecord(JSON.stringify(stored)), { ...stored, ...later })
  const { title, released, tracks } = toCatalogueRow({ id: 'album:a1', value: JSON.stringify(stored) })
  assert.deepEqual([title, released, tracks], [null, null, []])
})

test('the tracks of a record are those that events name, each once', () => {
  const tracks = [
    { id: '1', title: 'One' },
    { id: 'a1_2', title: 'Two' },
    { id: '65f000000000000000000001', title: 'Three' },
    { id: 'a1_1', title: 'One again' },
  ]
  assert.deepEqual(rowOf({ tracks }).tracks, [
    { track: 'track:a1_1', title: 'label:One' },
    { track: 'track:a1_2', title: 'label:Two' },
    { track: 'track:65f000000000000000000001', title: 'label:Three' },
  ])
})

test('a record says when the album was released: the day, or the year where only that is known', () => {
  assert.equal(rowOf({ releaseDate: '2026-03-01', releaseYear: 2025 }).released, '2026-03-01')
  assert.equal(rowOf({ releaseYear: 2025 }).released, '2025')
  assert.equal(rowOf({}).released, null)
})
