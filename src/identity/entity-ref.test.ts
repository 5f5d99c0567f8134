import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { naiveOrder } from '../../test/support/naive-order.ts'
import { answerOf } from '../../test/support/query-store.ts'
import {
  albumOfTrack,
  albumRef,
  artistRef,
  compareIds,
  ENTITY_KINDS,
  entityRef,
  genreRef,
  idInAlbum,
  idOf,
  kindOf,
  labelRef,
  NO_ENTITY,
  nameRef,
  parseEntityRef,
  trackOf,
  trackRef,
} from './entity-ref.ts'
import { foldText } from './fold-text.ts'

const ALBUM = '665f1c2e8b3e4a0012ab34cd'

const oddIds = fc.oneof(
  fc.constantFrom(
    '',
    ':',
    'none',
    'artist:4',
    '::',
    ' 4 ',
    '\n',
    '\ufeff4',
    '😀',
    'É',
    'E\u0301',
    '\ud83d',
    '__proto__',
  ),
  fc.string({ unit: fc.constantFrom('a', ':', '_', '4', ' ', 'ß', '😀', '\0') }),
  fc.string({ unit: 'binary' }),
)

test('a reference gives back its kind and its id, and is parsed as itself, whatever the id', () => {
  const verbatim = { artist: artistRef, album: albumRef, track: trackRef, label: labelRef }
  const property = fc.property(oddIds, id => {
    for (const [kind, refOf] of Object.entries(verbatim)) {
      const ref = refOf(id)
      assert.deepEqual([ref, kindOf(ref), idOf(ref)], [`${kind}:${id}`, kind, id])
      assert.equal(parseEntityRef(ref), ref)
      assert.equal(entityRef(kindOf(ref), idOf(ref)), ref)
    }
  })
  fc.assert(property, { numRuns: 1_000 })
})

test('names and genres are folded', () => {
  const property = fc.property(oddIds, text => {
    for (const [kind, ref] of [['name', nameRef(text)] as const, ['genre', genreRef(text)] as const]) {
      assert.deepEqual([ref, kindOf(ref), idOf(ref)], [`${kind}:${foldText(text)}`, kind, foldText(text)])
      assert.equal(parseEntityRef(ref), ref)
    }
  })
  fc.assert(property, { numRuns: 1_000 })
})

test('the key of an event that names no entity has a kind and no id', () => {
  assert.deepEqual([NO_ENTITY, kindOf(NO_ENTITY), idOf(NO_ENTITY)], ['none', 'none', ''])
  assert.equal(parseEntityRef('none'), NO_ENTITY)
  assert.equal(entityRef('none', ''), NO_ENTITY)
})

test('a text of no known kind is not parsed', () => {
  for (const text of [
    '',
    ':',
    '4',
    'artist',
    ':4',
    'listener:u1',
    'Artist:4',
    ' artist:4',
    'none:',
    'none:4',
    'nobody',
  ]) {
    assert.equal(parseEntityRef(text), undefined, text)
  }
  const property = fc.property(oddIds, text => {
    const isRef = text === 'none' || ENTITY_KINDS.some(kind => kind !== 'none' && text.startsWith(`${kind}:`))
    assert.equal(parseEntityRef(text) !== undefined, isRef)
  })
  fc.assert(property, { numRuns: 1_000 })
})

test('a track is its album and its number', () => {
  const album = albumRef('a1')
  assert.equal(trackOf('1', album), 'track:a1_1')
  assert.equal(trackOf('a1_1', album), 'track:a1_1')
  assert.equal(trackOf('1234567890', album), 'track:a1_1234567890')
  assert.equal(trackOf('12345678901', album), 'track:12345678901')
  assert.equal(trackOf('1', albumRef('a:b')), 'track:a:b_1')
  assert.equal(trackOf('spotify:track:77', undefined), 'track:spotify:track:77')
  assert.equal(trackOf('1', undefined), undefined)
})

test("a track's id names its album where it has 24 hexadecimal digits before the number", () => {
  assert.equal(albumOfTrack(`${ALBUM}_12`), `album:${ALBUM}`)
  assert.equal(albumOfTrack(`${ALBUM.toUpperCase()}_0`), `album:${ALBUM.toUpperCase()}`)
  for (const id of ['1', ALBUM, `${ALBUM}_`, `${ALBUM}_x`, `${ALBUM}_1_2`, `0${ALBUM}_1`, `${ALBUM.slice(1)}_1`]) {
    assert.equal(albumOfTrack(id), undefined, id)
  }
})

test('a track has a short id inside its album, and its whole id where it is not of that form', () => {
  assert.equal(idInAlbum('a1_1', 'a1'), '1')
  assert.equal(idInAlbum('a1_1', 'a'), 'a1_1')
  assert.equal(idInAlbum('77', 'a1'), '77')
})

test('ids are in the order of numbers, then by code points, here and in the figures', async () => {
  const inOrder = ['09', '9', '10', '9007199254740992', '9007199254740993', '', '65f', 'a', 'b', 'ﬀ', '😀', '😀a']
  const shuffled = ['😀a', 'b', '10', 'ﬀ', '65f', '9', '😀', 'a', '9007199254740993', '9007199254740992', '09', '']
  assert.deepEqual(shuffled.toSorted(compareIds), inOrder)
  assert.deepEqual(shuffled.toSorted(naiveOrder), inOrder)
  assert.deepEqual(await sortedBySql(shuffled), inOrder)
})

const nearNumbers = fc
  .record({ zeros: fc.nat({ max: 2 }), number: fc.bigInt({ min: 10n ** 17n - 9n, max: 10n ** 17n + 9n }) })
  .map(({ zeros, number }) => '0'.repeat(zeros) + number)
const astral = fc.string({ unit: fc.constantFrom('a', '0', 'ﬀ', '\u{ffff}', '\u{10000}', '😀') })
const comparedIds = fc.oneof(nearNumbers, astral, fc.string(), fc.string({ unit: 'binary' }))

test('ids are in order even where one double stands for several numbers', () => {
  fc.assert(
    fc.property(fc.array(comparedIds), ids => {
      assert.deepEqual(ids.toSorted(compareIds), ids.toSorted(naiveOrder))
    }),
  )
})

test('the figures order many ids in the same way', async () => {
  // No text of the figures has a NUL.
  const written = comparedIds.map(id => id.replaceAll('\0', '\ufffd'))
  const [found] = fc.sample(fc.array(written, { minLength: 2_000, maxLength: 2_000 }), 1)
  assert.deepEqual(await sortedBySql(found!), found!.toSorted(naiveOrder))
})

/** Ids as the macro `id_order` of the figures sorts them. */
async function sortedBySql(ids: readonly string[]): Promise<string[]> {
  const sql = 'SELECT id FROM (SELECT unnest($ids::VARCHAR[]) AS id) ORDER BY id_order(id)'
  return (await answerOf([], reads => reads.rows<{ id: string }>(sql, { ids }))).map(({ id }) => id)
}
