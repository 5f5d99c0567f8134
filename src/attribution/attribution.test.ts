import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { naiveOrder } from '../../test/support/naive-order.ts'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { genresOf, KEYS_OF_OWNER, ownerAskedFor, ownersOf } from './attribution.ts'
import { compareIds } from './ids.ts'

const play = (metadata: Told['metadata'], more: Told = {}): Told => ({ metadata: metadata ?? {}, ...more })

/** Whom a key belongs to. */
function ownerOf(key: string, told: readonly Told[]): Promise<string | undefined> {
  return answerOf(told, async reads => {
    const id = reads.idsOf([key]).get(key)!
    const owner = (await ownersOf(reads, [id])).get(id)!
    return (await reads.entitiesOf([owner])).get(owner)
  })
}

/** The keys whose figures are those of an artist. */
function keysOf(artistId: string, told: readonly Told[]): Promise<string[]> {
  return answerOf(told, async reads => {
    const owner = await ownerAskedFor(reads, artistId)
    if (owner === undefined) return []
    const rows = await reads.rows<{ key: number }>(`SELECT id AS key FROM names WHERE id IN ${KEYS_OF_OWNER}`, {
      owner,
    })
    return [...(await reads.entitiesOf(rows.map(({ key }) => key))).values()].sort()
  })
}

/** Ids as `id_order` sorts them. */
async function sortedBySql(ids: readonly string[]): Promise<string[]> {
  const sql = 'SELECT id FROM (SELECT unnest($ids::VARCHAR[]) AS id) ORDER BY id_order(id)'
  return (await answerOf([], reads => reads.rows<{ id: string }>(sql, { ids }))).map(({ id }) => id)
}

describe('the order of ids', () => {
  const inOrder = ['09', '9', '10', '9007199254740992', '9007199254740993', '', '65f', 'a', 'b', 'ﬀ', '😀', '😀a']

  it('has numbers first, as numbers, then the others by code points', async () => {
    const shuffled = ['😀a', 'b', '10', 'ﬀ', '65f', '9', '😀', 'a', '9007199254740993', '9007199254740992', '09', '']
    assert.deepEqual(shuffled.toSorted(compareIds), inOrder)
    assert.deepEqual(shuffled.toSorted(naiveOrder), inOrder)
    assert.deepEqual(await sortedBySql(shuffled), inOrder)
  })

  const near = fc
    .record({ zeros: fc.nat({ max: 2 }), number: fc.bigInt({ min: 10n ** 17n - 9n, max: 10n ** 17n + 9n }) })
    .map(({ zeros, number }) => '0'.repeat(zeros) + number)
  const astral = fc.string({ unit: fc.constantFrom('a', '0', 'ﬀ', '\u{ffff}', '\u{10000}', '😀') })
  const ids = fc.oneof(near, astral, fc.string(), fc.string({ unit: 'binary' }))

  it('holds between numbers that one double stands for, of as many digits or one more', () => {
    fc.assert(
      fc.property(fc.array(ids), ids => {
        assert.deepEqual(ids.toSorted(compareIds), ids.toSorted(naiveOrder))
      }),
    )
  })

  it('is the same in the figures', async () => {
    // No text of the figures has a NUL.
    const written = ids.map(id => id.replaceAll('\0', '\ufffd'))
    const [found] = fc.sample(fc.array(written, { minLength: 2_000, maxLength: 2_000 }), 1)
    assert.deepEqual(await sortedBySql(found!), found!.toSorted(naiveOrder))
  })
})

describe('attribution', () => {
  it('binds an album to the artist id of most events, then to the smaller one', async () => {
    const told = ['10', '9', '10'].map(artistId => play({ albumId: 'a', artistId }))
    assert.equal(await ownerOf('album:a', told), 'artist:10')
    assert.equal(await ownerOf('album:a', told.slice(0, 2)), 'artist:9')
  })

  it('binds an album by its name where no event names an artist id with it', async () => {
    const named = play({ albumId: 'a', artist: 'Ana' })
    assert.equal(await ownerOf('album:a', [named]), 'name:ana')
    const follow: Told = { eventType: 'artist.followed', entityType: 'artist', entityId: '4' }
    const told = [named, { ...follow, metadata: { artistName: ' ANA' } }]
    assert.equal(await ownerOf('album:a', told), 'artist:4')
    assert.equal(await ownerOf('name:ana', told), 'artist:4')
    assert.equal(await ownerOf('album:a', [...told, play({ albumId: 'a', artistId: '7' })]), 'artist:7')
  })

  it('leaves alone what nothing was named with', async () => {
    assert.equal(await ownerOf('album:a', [play({ albumId: 'a' })]), 'album:a')
    assert.equal(await ownerOf('none', [play({})]), 'none')
  })

  it('gives an artist the id, the albums and the names bound to it', async () => {
    const told = [
      play({ albumId: 'a', artistId: '4' }),
      play({ albumId: 'b', artist: 'Ana' }),
      play({ artist: 'Ana', artistId: '4' }),
      play({ albumId: 'c', artist: 'Ana' }),
      ...['5', '5'].map(artistId => play({ albumId: 'c', artistId })),
    ]
    assert.deepEqual(await keysOf('4', told), ['album:a', 'album:b', 'artist:4', 'name:ana'])
    assert.deepEqual(await keysOf('5', told), ['album:c', 'artist:5'])
  })

  it('answers by name for an artist that nobody knows the id of', async () => {
    const told = [play({ albumId: 'a', artist: 'Ana' }), play({ artist: 'ana' })]
    assert.deepEqual(await keysOf('ANA', told), ['album:a', 'name:ana'])
    assert.deepEqual(await keysOf('Ana', [...told, play({ artist: 'Ana', artistId: '4' })]), [])
  })

  it('never takes a name for an artist whose id it also is', async () => {
    const told = [play({ artist: '10' }), play({ artistId: '10' })]
    assert.deepEqual(await keysOf('10', told), ['artist:10'])
    assert.deepEqual(await keysOf('10', told.slice(0, 1)), ['name:10'])
  })

  it('knows the genre of a track by its own events, else by its album', async () => {
    const told = [
      ...['Rock', 'rock '].map(genre => play({ albumId: 'a', genre }, { entityType: 'album', entityId: 'a' })),
      play({ albumId: 'a' }),
      play({ albumId: 'a', genre: 'JAZZ' }, { entityId: '2' }),
    ]
    const genres = await answerOf(told, async reads => {
      const tracks = reads.idsOf(['track:a_1', 'track:a_2', 'track:x'])
      const found = await genresOf(reads, [...tracks.values()])
      return [...tracks].map(([track, id]) => [track, found.get(id)])
    })
    assert.deepEqual(genres, [
      ['track:a_1', 'rock'],
      ['track:a_2', 'jazz'],
    ])
  })
})
