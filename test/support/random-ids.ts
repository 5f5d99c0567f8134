/** Ids, names and genres as clients send them: few, so that events meet, and odder ones between them. */
import fc from 'fast-check'

export const ARTISTS = ['4', '9', '10', 'ar1']
/** Another form of artist 9's id, where the catalogue says so. */
export const ALIAS = '65f0000000000000000000a9'
export const ALBUMS = ['65f000000000000000000001', '65f000000000000000000002', 'a1', 'a2']
export const NAMES = [
  'DJ Beats',
  ' dj beats',
  'Ana',
  'ANA\t',
  '10',
  'Ámbar',
  ' ámbar'.normalize('NFD'),
  'Straße',
  'STRASSE',
]
export const GENRES = ['Rock', 'rock ', 'Jazz', 'ΉΧΟΣ', 'ήχος']

/** The same number as 9; and two that are one double, of which the smaller one is the greater text. */
const ODD_NUMBERS = ['09', '99999999999999999', '100000000000000000']
const ODD_NAMES = ['Null', 'undefined', '\u2003', '[object Object]']
const SAYING_NOTHING = ['undefined', ' NULL', 'NaN', '[object Object]', '\u2003']

/** Beside the form of an album and its number. */
const ODD_TRACKS = [
  '65F00000000000000000000A_12',
  '65f000000000000000000001_x',
  '65f000000000000000000001_',
  '65f000000000000000000001_1_2',
  '65f00000000000000000001_1',
  '65f0000000000000000000001_1',
  '65g000000000000000000001_1',
  'a1_',
  'a1-1',
  '1a',
]
const TEN_OR_ELEVEN_CHARACTERS = ['abcdefghij', 'abcdefghijk', '1234567890', '12345678901']
export const TRACKS = ['1', '2', '65f000000000000000000001_1', 'spotify:track:77', 'a1_2']

export const some = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

export const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined, freq: 2 })

export const seldom = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values })

/** Mostly of the first ones. */
const mostly = (usual: readonly string[], ...odd: readonly (readonly string[])[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 8, arbitrary: some(usual) }, ...odd.map(values => ({ weight: 1, arbitrary: some(values) })))

export const artist = mostly(ARTISTS, [...ODD_NUMBERS, ALIAS], SAYING_NOTHING)
export const album = mostly(ALBUMS, SAYING_NOTHING)
export const name = mostly(NAMES, ODD_NAMES, ODD_NAMES)
export const genre = mostly(GENRES, SAYING_NOTHING)
export const entity = mostly([...TRACKS, ...ALBUMS, ...ARTISTS], ODD_TRACKS, TEN_OR_ELEVEN_CHARACTERS, SAYING_NOTHING)

/** Whom and what metadata, or an item of an order, may name. */
export const naming = fc.record({
  albumId: maybe(album),
  artistId: seldom(artist),
  artistIds: seldom(fc.array(fc.oneof(artist, artist, some(SAYING_NOTHING)), { minLength: 1, maxLength: 4 })),
  artist: maybe(name),
  artistName: seldom(name),
  genre: maybe(genre),
})
