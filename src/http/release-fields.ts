/** What rows say of the track or the album that they are about. */
import { Type } from 'typebox'
import { oneOf } from './api.ts'
import { Nullable } from './parameters.ts'

export const releaseFields = {
  id: Type.String({ description: 'Of an album its id, of a track its key.' }),
  key: Type.String({ description: 'The same as `id`.' }),
  type: oneOf(['track', 'album']),
  trackId: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: "A track's id inside its album." })),
  albumId: Nullable,
  title: Nullable,
  coverImage: Nullable,
  artistName: Nullable,
  url: Nullable,
  enriched: Type.Boolean({ description: 'Whether the catalogue has told what it knows.' }),
}

/** The same as columns of a table, without what no table needs twice. */
export const RELEASE_COLUMNS = ['id', 'type', 'title', 'artistName', 'albumId', 'trackId', 'coverImage', 'url']

export const PlaysPoint = Type.Object(
  { start: Type.String(), end: Type.String({ description: 'Excluded.' }), plays: Type.Integer() },
  { $id: 'PlaysPoint', description: 'The plays in an interval of a series.' },
)
