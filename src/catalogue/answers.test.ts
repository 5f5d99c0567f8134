import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseAnswer, readAlbum, readArtist, readListedAlbum, readListedArtist } from './answers.ts'

const ALBUM = {
  id: '665f1c2e8b3e4a0012ab34cd',
  title: ' Night Drive ',
  artist: 'DJ Beats',
  artistId: 4,
  genre: 'Rock',
  coverImage: 'http://localhost:5001/assets/My Cover.jpg',
  price: 9.99,
  releaseYear: 2026,
  tracks: [
    { id: 1, title: 'One', duration: '4:10', url: 'https://cdn.example/1.mp3', autor: 'A, B' },
    { id: 2, title: 'Two', url: 'ftp://cdn.example/2.mp3' },
  ],
}

const ARTIST = {
  _id: '665f1c2e8b3e4a0012ab0004',
  id: 4,
  name: 'DJ Beats',
  profileImage: 'http://localhost:5001/assets/4.jpg',
  genre: 'House',
  albums: [{ id: 'a1', title: 'x' }],
}

test('an album keeps all digits of large ids', () => {
  const answer = parseAnswer(Buffer.from('{"id":9007199254740993,"artistId":12345678901234567890,"title":"x"}'))
  const album = readAlbum(answer, '9007199254740993')
  assert.deepEqual([album?.id, album?.artistId], ['9007199254740993', '12345678901234567890'])
})

test('an album has the fields of the answer, ids as strings', () => {
  assert.deepEqual(readAlbum(ALBUM, ALBUM.id), {
    id: ALBUM.id,
    title: 'Night Drive',
    artistName: 'DJ Beats',
    artistId: '4',
    genre: 'Rock',
    coverImage: 'http://localhost:5001/assets/My Cover.jpg',
    releaseDate: null,
    releaseYear: 2026,
    tracks: [
      { id: '1', otherId: null, title: 'One', url: 'https://cdn.example/1.mp3' },
      { id: '2', otherId: null, title: 'Two', url: null },
    ],
    hasAllTracks: true,
    isHidden: false,
  })
})

test('an album is read from the alternative field names', () => {
  const album = readAlbum({ _id: 'a1', name: 'X', artistName: 'Y', tracks: [{ _id: 'abc', name: 'Z' }] }, 'a1')
  assert.deepEqual([album?.id, album?.title, album?.artistName], ['a1', 'X', 'Y'])
  assert.deepEqual(album?.tracks, [{ id: 'abc', otherId: null, title: 'Z', url: null }])
  assert.equal(readAlbum({ id: 'a1', title: ' ', name: 'X' }, 'a1')?.title, 'X')
})

test('an album has its artist also where the answer contains the whole artist', () => {
  const artistOf = (fields: object) => {
    const album = readAlbum({ ...ALBUM, artist: null, artistId: null, ...fields }, ALBUM.id)
    return [album?.artistId, album?.artistName]
  }
  assert.deepEqual(artistOf({ artist: ARTIST }), ['4', 'DJ Beats'])
  assert.deepEqual(artistOf({ artistId: ARTIST }), ['4', 'DJ Beats'])
  assert.deepEqual(artistOf({ artist: { _id: ARTIST._id } }), [ARTIST._id, null])
  assert.deepEqual(artistOf({ artist: { name: 'Ana' }, artistId: 9 }), ['9', 'Ana'])
  assert.deepEqual(artistOf({ artist: {}, artistName: 'Ana' }), [null, 'Ana'])
})

test('an album has the id that was requested', () => {
  assert.equal(readAlbum({ title: 'X' }, 'a1')?.id, 'a1')
  assert.equal(readAlbum({ id: 7, _id: 'a1', title: 'X' }, 'a1')?.id, 'a1')
  assert.equal(readAlbum({ id: 'a2', title: 'X' }, 'a1'), undefined)
})

test('an album is undefined where the answer is not one', () => {
  for (const answer of [null, undefined, 'album', 7, [], [ALBUM], {}, { error: 'not found' }]) {
    assert.equal(readAlbum(answer, 'a1'), undefined, JSON.stringify(answer))
  }
})

test('an album has null for fields of a wrong type', () => {
  const wrong = {
    id: 'a1',
    title: 7,
    artist: ['X'],
    artistId: 1.5,
    genre: {},
    coverImage: 'javascript:0',
    tracks: {},
  }
  assert.deepEqual(readAlbum(wrong, 'a1'), {
    id: 'a1',
    title: null,
    artistName: null,
    artistId: null,
    genre: null,
    coverImage: null,
    releaseDate: null,
    releaseYear: null,
    tracks: [],
    hasAllTracks: false,
    isHidden: false,
  })
})

test('an album has limited texts, ids and tracks', () => {
  const tracks = Array.from({ length: 1500 }, (_, id) => ({ id }))
  const album = readAlbum({ id: 'a1', title: 'x'.repeat(5000), artistId: '4'.repeat(300), tracks }, 'a1')
  assert.deepEqual([album?.title?.length, album?.artistId, album?.tracks.length], [1000, null, 1000])
  assert.equal(album?.hasAllTracks, false)
  const cut = readAlbum({ title: `${'x'.repeat(999)}😀` }, 'a1')
  assert.equal(cut?.title, 'x'.repeat(999))
  const singer = readAlbum({ title: `${'x'.repeat(996)}👩\u200d🎤` }, 'a1')
  assert.equal(singer?.title, 'x'.repeat(996))
})

test('an album has no tracks without an id', () => {
  const tracks = [null, 'x', [], { title: 'X' }, { id: '' }, { id: 0, title: 'Zero' }]
  const album = readAlbum({ id: 'a1', tracks }, 'a1')
  assert.deepEqual(album?.tracks, [{ id: '0', otherId: null, title: 'Zero', url: null }])
  assert.equal(album?.hasAllTracks, false)
})

test('an album says whether its tracks are complete', () => {
  const hasAll = (more: object) => readAlbum({ id: 'a1', ...more }, 'a1')?.hasAllTracks
  assert.deepEqual([hasAll({ tracks: [] }), hasAll({ tracks: [{ id: 1 }] })], [true, true])
  assert.deepEqual([hasAll({}), hasAll({ tracks: 'two' })], [false, false])
  assert.equal(readAlbum({ id: 'a1', tracks: [{ id: 1, _id: 'x' }] }, 'a1')?.tracks[0]?.otherId, 'x')
})

test('an album has the day of its release, as the answer writes it', () => {
  const dayOf = (fields: object) => readAlbum({ id: 'a1', ...fields }, 'a1')?.releaseDate
  assert.equal(dayOf({ releaseDate: '2026-03-01' }), '2026-03-01')
  assert.equal(dayOf({ releasedAt: '2026-03-01T23:30:00.000-05:00' }), '2026-03-01')
  assert.equal(dayOf({ release_date: ' 2024-02-29T00:00:00Z ' }), '2024-02-29')
  assert.equal(dayOf({ releaseDate: 'soon', releasedAt: '2026-03-01' }), '2026-03-01')
  for (const bad of [
    '2026-02-29',
    '2026-13-01',
    '0000-01-01',
    '2026-03-01x',
    '2026',
    'March 1',
    20_260_301,
    {},
    null,
  ]) {
    assert.equal(dayOf({ releaseDate: bad }), null, String(bad))
  }
})

test('an album has the year of its release, from a number or a string of four digits', () => {
  const yearOf = (releaseYear: unknown) => readAlbum({ id: 'a1', releaseYear }, 'a1')?.releaseYear
  assert.deepEqual([yearOf(2026), yearOf('1999'), yearOf(' 2026 ')], [2026, 1999, 2026])
  for (const bad of [0, 26, 20_261, 2026.5, '26', '2026-03', 'MMXXVI', {}, null]) {
    assert.equal(yearOf(bad), null, String(bad))
  }
})

test('an album takes only http and https addresses', () => {
  const cover = (coverImage: unknown) => readAlbum({ id: 'a1', coverImage }, 'a1')?.coverImage
  assert.equal(cover(' HTTPS://cdn.example/x '), 'HTTPS://cdn.example/x')
  for (const bad of ['', '/assets/x.jpg', 'data:image/png;base64,AA', 'http://', 'http://a\nb/', 7, null]) {
    assert.equal(cover(bad), null, String(bad))
  }
  assert.equal(cover(`http://x/${'y'.repeat(1000)}`), null)
})

test('an album ignores __proto__ and constructor', () => {
  const text = `{"__proto__": {"polluted": 1, "title": "P"}, "constructor": {"prototype": {"polluted": 1}}, "id": "a1",
    "tracks": [{"__proto__": {"id": "9"}}, {"id": "1", "__proto__": null}]}`
  const album = readAlbum(JSON.parse(text), 'a1')
  assert.deepEqual([album?.title, album?.tracks], [null, [{ id: '1', otherId: null, title: null, url: null }]])
  assert.equal(Object.getPrototypeOf(album), Object.prototype)
  assert.ok(!('polluted' in {}))
})

test('an artist has the fields of the answer, and its other id', () => {
  const artist = {
    id: '4',
    otherId: ARTIST._id,
    name: 'DJ Beats',
    profileImage: 'http://localhost:5001/assets/4.jpg',
    genre: 'House',
    email: null,
    isHidden: false,
  }
  assert.deepEqual(readArtist(ARTIST), artist)
  assert.deepEqual(readArtist(ARTIST, '4'), artist)
  assert.deepEqual(readArtist(ARTIST, ARTIST._id), artist)
  assert.equal(readArtist(ARTIST, '5'), undefined)
})

test('an artist is read from the alternative field names', () => {
  const artist = readArtist({ _id: 'x', bandName: 'The X', image: 'http://i/x', correo: 'x@example.com' }, 'x')
  assert.deepEqual(artist, {
    id: 'x',
    otherId: null,
    name: 'The X',
    profileImage: 'http://i/x',
    genre: null,
    email: 'x@example.com',
    isHidden: false,
  })
  assert.equal(readArtist({ id: '4', _id: 4 })?.otherId, null)
})

test('an artist is undefined where the answer is not one', () => {
  assert.equal(readArtist({ name: 'X' }), undefined)
  assert.equal(readArtist({ name: 'X' }, '4')?.id, '4')
  for (const answer of [null, 'x', [ARTIST], {}, { error: 'x' }]) assert.equal(readArtist(answer, '4'), undefined)
})

test('an artist has exactly one e-mail address, or null', () => {
  const email = (value: unknown) => readArtist({ id: 4, email: value })?.email
  assert.equal(email(' dj.beats+1@mail.example '), 'dj.beats+1@mail.example')
  assert.equal(email('zoe@exämple.com'), 'zoe@exämple.com')
  const bad = [
    '',
    'x',
    '@x',
    'x@',
    'a@b@c',
    'a b@c',
    'a@b,c@d',
    'a@b;c@d',
    'X <a@b>',
    'a@b\r\nBcc: c@d',
    'a\u0000@b',
    7,
  ]
  for (const value of [...bad, `${'x'.repeat(250)}@b.co`]) assert.equal(email(value), null, String(value))
})

test('an artist has the first address to which mail can be sent', () => {
  const email = (fields: object) => readArtist({ id: 4, ...fields })?.email
  assert.equal(email({ email: 'a@b.co', contactEmail: 'c@b.co', correo: 'd@b.co' }), 'a@b.co')
  assert.equal(email({ email: 'josé@b.co', contactEmail: 'jose@b.co' }), 'jose@b.co')
  assert.equal(email({ email: 'b@mail_1.co', correo: 'b@b.co' }), 'b@b.co')
  assert.equal(email({ email: 'no', contactEmail: 'A <a@b.co>', correo: 'a@b.co' }), 'a@b.co')
  assert.equal(email({ email: 'josé@b.co', contactEmail: null }), null)
})

test('items of lists are undefined where they are no album or artist', () => {
  const items = [ALBUM, null, {}, { title: 'no id' }, { id: 'a2' }]
  assert.deepEqual(
    items.map(item => readListedAlbum(item)?.id),
    [ALBUM.id, undefined, undefined, undefined, 'a2'],
  )
  for (const item of [7, { name: 'no id' }, [ARTIST]]) assert.equal(readListedArtist(item), undefined)
})

test('items of lists of artists have the fields of a listed artist', () => {
  const { profileImage: _image, email: _email, isHidden: _hidden, ...listed } = readArtist(ARTIST)!
  assert.deepEqual(readListedArtist(ARTIST), listed)
})

test('any answer is read without an error, as well-formed values', () => {
  const names = ['id', '_id', 'title', 'name', 'artist', 'artistId', 'genre', 'coverImage', 'tracks', 'email', 'image']
  const fields = fc.dictionary(fc.constantFrom(...names, '__proto__'), fc.anything())
  fc.assert(
    fc.property(fc.oneof(fields, fc.anything()), answer => {
      const album = readAlbum(answer, 'a1')
      if (album) {
        assert.deepEqual(Object.keys(album).length, 11)
        assert.ok([album.title, album.genre, album.artistName].every(text => text === null || text.isWellFormed()))
      }
      const artist = readArtist(answer, '4')
      if (artist) assert.deepEqual(JSON.parse(JSON.stringify(artist)), artist)
      readListedAlbum(answer)
      readListedArtist(answer)
    }),
  )
})

test('what the catalogue calls hidden, or not available, is hidden', () => {
  const album = { id: 'a', title: 'Album' }
  assert.equal(readAlbum({ ...album, hidden: true }, 'a')?.isHidden, true)
  assert.equal(readAlbum({ ...album, available: false }, 'a')?.isHidden, true)
  assert.equal(readAlbum({ ...album, hidden: 'yes', available: null }, 'a')?.isHidden, false)
  assert.equal(readArtist({ id: 4, name: 'Ana', hidden: true })?.isHidden, true)
})
