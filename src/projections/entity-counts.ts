/** What the rankings count: plays of tracks (`track:<key>`) and albums (`album:<id>`), net follows of subjects. */
import type { Change, TableSpec } from '../storage/storage.ts'
import type { Projection } from './projection.ts'

const counts = (name: string, keys: string): TableSpec => ({
  name,
  kind: 'counters',
  bucket: 'quarter',
  maxima: ['last'],
  version: 2,
  keys,
  fields: 'count',
})

export const TRACK_PLAYS = counts('track_plays', 'thing')
export const ALBUM_PLAYS = counts('album_plays', 'subject')
export const SUBJECT_FOLLOWS = counts('subject_follows', 'subject')

export const entityCounts: Projection = {
  name: 'entity-counts',
  tables: [TRACK_PLAYS, ALBUM_PLAYS, SUBJECT_FOLLOWS],
  fold({ at, counted, measure, by, track, album, credits }) {
    if (!counted) return []
    const count = (table: TableSpec, key: string): Change[] => [
      { op: 'increment', table: table.name, key, field: measure, at, by },
      { op: 'max', table: table.name, key, field: 'last', at },
    ]
    if (measure === 'follows') return credits.flatMap(({ subject }) => count(SUBJECT_FOLLOWS, subject))
    if (measure !== 'plays') return []
    return [
      ...(track === undefined ? [] : count(TRACK_PLAYS, `track:${track}`)),
      ...(album === undefined ? [] : count(ALBUM_PLAYS, `album:${album}`)),
    ]
  },
}
