import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { naiveOrder } from '../../test/support/naive-order.ts'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { Bindings, compareIds } from './bindings.ts'

const play = (metadata: Told['metadata'], more: Told = {}): Told => ({ metadata: metadata ?? {}, ...more })

async function ownerOf(subject: string, told: readonly Told[]): Promise<string | undefined> {
  return (await answerOf(told, reads => new Bindings(reads).ownersOf([subject]))).get(subject)
}

async function subjectsOf(artistId: string, told: readonly Told[]): Promise<string[]> {
  return (await answerOf(told, reads => new Bindings(reads).subjectsOf(artistId))).sort()
}

describe('the order of ids', () => {
  it('has numbers first, as numbers, then the others by code units', () => {
    const ids = ['b', '10', '65f', '9', 'a', '9007199254740993', '9007199254740992', '09', '']
    const numbers = ['09', '9', '10', '9007199254740992', '9007199254740993']
    assert.deepEqual(ids.sort(compareIds), [...numbers, '', '65f', 'a', 'b'])
  })

  it('holds between numbers that one double stands for, of as many digits or one more', () => {
    const near = fc
      .record({ zeros: fc.nat({ max: 2 }), number: fc.bigInt({ min: 10n ** 17n - 9n, max: 10n ** 17n + 9n }) })
      .map(({ zeros, number }) => '0'.repeat(zeros) + number)
    fc.assert(
      fc.property(fc.array(fc.oneof(near, fc.string())), ids => {
        assert.deepEqual(ids.toSorted(compareIds), ids.toSorted(naiveOrder))
      }),
    )
  })
})

describe('bindings', () => {
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
    assert.deepEqual(await subjectsOf('4', told), ['album:a', 'album:b', 'artist:4', 'name:ana'])
    assert.deepEqual(await subjectsOf('5', told), ['album:c', 'artist:5'])
  })

  it('answers by name for an artist that nobody knows the id of', async () => {
    const told = [play({ albumId: 'a', artist: 'Ana' }), play({ artist: 'ana' })]
    assert.deepEqual(await subjectsOf('ANA', told), ['album:a', 'artist:ANA', 'name:ana'])
    assert.deepEqual(await subjectsOf('Ana', [...told, play({ artist: 'Ana', artistId: '4' })]), ['artist:Ana'])
  })

  it('never takes a name for an artist whose id it also is', async () => {
    const told = [play({ artist: '10' }), play({ artistId: '10' })]
    assert.deepEqual(await subjectsOf('10', told), ['artist:10'])
    assert.deepEqual(await subjectsOf('10', told.slice(0, 1)), ['artist:10', 'name:10'])
  })

  it('knows the genre of a track by its own events, else by its album', async () => {
    const told = [
      ...['Rock', 'rock '].map(genre => play({ albumId: 'a', genre }, { entityType: 'album', entityId: 'a' })),
      play({ albumId: 'a' }),
      play({ albumId: 'a', genre: 'JAZZ' }, { entityId: '2' }),
    ]
    const genres = await answerOf(told, reads => new Bindings(reads).genresOf(['track:a_1', 'track:a_2', 'track:x']))
    assert.deepEqual(
      [...genres],
      [
        ['track:a_1', 'rock'],
        ['track:a_2', 'jazz'],
      ],
    )
  })
})
