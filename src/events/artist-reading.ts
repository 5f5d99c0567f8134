/** Reading an artist that is sent as an object in place of an id or a name, as the catalogue fills it in. */
import {
  type Fields,
  isAbsent,
  isFields,
  join,
  MAX_TEXT_LENGTH,
  type Reading,
  readId,
  readText,
  report,
} from './field-reading.ts'

/**
 * `fields` with a plain `artistId` and `artist`: `{"artist": {"_id": "65f…", "id": 4, "name": "Ana", "genre": "Rock"}}`
 * becomes `{"artistId": "4", "artist": "Ana"}`. What is named plainly stays, whatever an object beside it says, and
 * `artistId` is asked before `artist`. The rest of an object is dropped: it is the catalogue's record, which may be another
 * one when the event is sent again, and the event must be the same.
 */
export function withPlainArtist(fields: Fields, parent: string, reading: Reading): Fields {
  if (!isFields(fields.artistId) && !isFields(fields.artist)) return fields
  const first = readArtist(fields.artistId, parent, 'artistId', reading)
  const second = readArtist(fields.artist, parent, 'artist', reading)
  return {
    ...fields,
    artistId: plain(fields.artistId) ?? first.id ?? second.id,
    artist: plain(fields.artist) ?? second.name ?? first.name,
  }
}

/** An entry of `artistIds`: an id, or an object that has one. */
export function readArtistId(value: unknown, parent: string, key: string, reading: Reading): string | undefined {
  if (!isFields(value)) return readId(value, parent, key, reading)
  const faults = reading.faults.length
  const id = idOf(value, join(parent, key), reading)
  if (id === undefined && reading.faults.length === faults) {
    report(reading, parent, key, 'wrong_type', 'must have an id or _id where it is an object')
  }
  return id
}

/** What an object says; nothing of what is none. */
function readArtist(
  value: unknown,
  parent: string,
  key: string,
  reading: Reading,
): { id?: string | undefined; name?: string | undefined } {
  if (!isFields(value)) return {}
  const faults = reading.faults.length
  const path = join(parent, key)
  const id = idOf(value, path, reading)
  const name = readText(value.name, MAX_TEXT_LENGTH, path, 'name', reading)
  if (id === undefined && name === undefined && reading.faults.length === faults) {
    report(reading, parent, key, 'wrong_type', 'must have an id, _id or name where it is an object')
  }
  return { id, name }
}

/** `id` as the catalogue's own addresses have it, else `_id`, which is the same artist's. */
function idOf(artist: Fields, path: string, reading: Reading): string | undefined {
  return readId(artist.id, path, 'id', reading) ?? readId(artist._id, path, '_id', reading)
}

function plain(value: unknown): unknown {
  return isFields(value) || isAbsent(value) || value === '' ? undefined : value
}
