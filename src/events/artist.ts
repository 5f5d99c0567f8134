/** An artist that is sent as an object in place of an id or a name, as the catalogue fills it in. */
import { Type } from 'typebox'
import { MAX_ARTISTS, MAX_TEXT_LENGTH } from './bounds.ts'
import { type Fields, isFields } from './exact-json.ts'
import { field, Id, isAbsent, parseId, parseText, textSchema } from './field.ts'
import type { Scope } from './scope.ts'

const ArtistObject = Type.Object(
  {
    id: Type.Optional(Id),
    _id: Type.Optional(Id),
    name: Type.Optional(Type.Union([textSchema(MAX_TEXT_LENGTH), Type.Null()])),
  },
  {
    description:
      'An artist as the catalogue fills it in: `id`, else `_id`, and the `name` are taken, at least one of which it must ' +
      'have (in `artistIds` an id); the rest is dropped.',
  },
)

/** Fields that name artists. Objects in `artistId` and `artist` are read before, by `withPlainArtist`. */
export const artistFields = {
  artistId: field([...Id.anyOf, ArtistObject], parseId, 'The artist in the catalogue.', '4'),
  artistIds: field(
    [Type.Array(Type.Union([...Id.anyOf, ArtistObject]), { maxItems: MAX_ARTISTS }), Type.Null()],
    parseArtistIds,
    'Several artists, each credited; the revenue of an order is split between them.',
    ['4', '7'],
  ),
  artist: field([textSchema(MAX_TEXT_LENGTH), ArtistObject, Type.Null()], parseText, "The artist's name.", 'DJ Beats'),
}

/**
 * `fields` with a plain `artistId` and `artist`: `{"artist": {"_id": "65f…", "id": 4, "name": "Ana", "genre": "Rock"}}`
 * becomes `{"artistId": "4", "artist": "Ana"}`. What is plain stays, whatever an object beside it says, and an object in
 * `artistId` goes before one in `artist` for the id, and after it for the name. The rest of an object is dropped: it is
 * the catalogue's record, which may have changed when the event is sent again, and the event must be the same.
 */
export function withPlainArtist(fields: Fields, scope: Scope): Fields {
  if (!isFields(fields.artistId) && !isFields(fields.artist)) return fields
  const first = parseArtist(fields.artistId, 'artistId', scope)
  const second = parseArtist(fields.artist, 'artist', scope)
  return {
    ...fields,
    artistId: plain(fields.artistId) ?? first.id ?? second.id,
    artist: plain(fields.artist) ?? second.name ?? first.name,
  }
}

/** What an object says of an artist; nothing where the value is no object. */
function parseArtist(
  value: unknown,
  key: string,
  scope: Scope,
): { id?: string | undefined; name?: string | undefined } {
  if (!isFields(value)) return {}
  const { all: faults } = scope.event.faults
  const faultsBefore = faults.length
  const inner = scope.child(key)
  const artist = { id: idOf(value, inner), name: parseText(value.name, 'name', inner) }
  if (artist.id === undefined && artist.name === undefined && faults.length === faultsBefore) {
    scope.fault(key, 'wrong_type', 'must have an id, _id or name where it is an object')
  }
  return artist
}

function parseArtistIds(value: unknown, key: string, scope: Scope): string[] | undefined {
  if (isAbsent(value)) return undefined
  if (!Array.isArray(value)) return scope.fault(key, 'wrong_type', 'must be an array of ids')
  if (value.length > MAX_ARTISTS) return scope.fault(key, 'too_many', `must have at most ${MAX_ARTISTS} entries`)
  const list = scope.child(key)
  const ids: string[] = []
  for (let i = 0; i < value.length; i++) {
    const id = parseArtistId(value[i], String(i), list)
    if (id !== undefined) ids.push(id)
  }
  return ids.length > 0 ? ids : undefined
}

/** An entry of `artistIds`: an id, or an object that has one. */
function parseArtistId(value: unknown, key: string, scope: Scope): string | undefined {
  if (!isFields(value)) return parseId(value, key, scope)
  const { all: faults } = scope.event.faults
  const faultsBefore = faults.length
  const id = idOf(value, scope.child(key))
  if (id === undefined && faults.length === faultsBefore) {
    scope.fault(key, 'wrong_type', 'must have an id or _id where it is an object')
  }
  return id
}

/** `id` as in the catalogue's own addresses, else `_id`, which is the same artist's. */
function idOf(artist: Fields, scope: Scope): string | undefined {
  return parseId(artist.id, 'id', scope) ?? parseId(artist._id, '_id', scope)
}

function plain(value: unknown): unknown {
  return isFields(value) || isAbsent(value) || value === '' ? undefined : value
}
