import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, type Told } from '../../test/support/query-store.ts'
import { ref } from '../../test/support/ref.ts'
import { genresOf, KEYS_OF_OWNER, ownerAskedFor, ownersOf } from './attribution.ts'

const play = (metadata: Told['metadata'], more: Told = {}): Told => ({ metadata: metadata ?? {}, ...more })

/** Whom a key belongs to. */
function ownerOf(key: string, told: readonly Told[]): Promise<string | undefined> {
  return answerOf(told, async reads => {
    const id = [...reads.idsOf([ref(key)]).values()][0]!
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

test('an album belongs to the artist id that most events name with it, and of several to the smallest', async () => {
  const told = ['10', '9', '10'].map(artistId => play({ albumId: 'a', artistId }))
  assert.equal(await ownerOf('album:a', told), 'artist:10')
  assert.equal(await ownerOf('album:a', told.slice(0, 2)), 'artist:9')
})

test('an album belongs to its name where no event names an artist id with it, and to the artist of that name', async () => {
  const named = play({ albumId: 'a', artist: 'Ana' })
  assert.equal(await ownerOf('album:a', [named]), 'name:ana')
  const follow: Told = { eventType: 'artist.followed', entityType: 'artist', entityId: '4' }
  const told = [named, { ...follow, metadata: { artistName: ' ANA' } }]
  assert.equal(await ownerOf('album:a', told), 'artist:4')
  assert.equal(await ownerOf('name:ana', told), 'artist:4')
  assert.equal(await ownerOf('album:a', [...told, play({ albumId: 'a', artistId: '7' })]), 'artist:7')
})

test('a key that no event names with another belongs to itself', async () => {
  assert.equal(await ownerOf('album:a', [play({ albumId: 'a' })]), 'album:a')
  assert.equal(await ownerOf('none', [play({})]), 'none')
})

test('an artist owns its id, and the albums and names that are bound to it', async () => {
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

test('an artist id that no event names is answered as a name', async () => {
  const told = [play({ albumId: 'a', artist: 'Ana' }), play({ artist: 'ana' })]
  assert.deepEqual(await keysOf('ANA', told), ['album:a', 'name:ana'])
  assert.deepEqual(await keysOf('Ana', [...told, play({ artist: 'Ana', artistId: '4' })]), [])
})

test('a name is never taken for the artist whose id is written the same', async () => {
  const told = [play({ artist: '10' }), play({ artistId: '10' })]
  assert.deepEqual(await keysOf('10', told), ['artist:10'])
  assert.deepEqual(await keysOf('10', told.slice(0, 1)), ['name:10'])
})

test('the genre of a track is that of its own events, else that of its album', async () => {
  const told = [
    ...['Rock', 'rock '].map(genre => play({ albumId: 'a', genre }, { entityType: 'album', entityId: 'a' })),
    play({ albumId: 'a' }),
    play({ albumId: 'a', genre: 'JAZZ' }, { entityId: '2' }),
  ]
  const genres = await answerOf(told, async reads => {
    const tracks = reads.idsOf([ref('track:a_1'), ref('track:a_2'), ref('track:x')])
    const found = await genresOf(reads, [...tracks.values()])
    return [...tracks].map(([track, id]) => [track, found.get(id)])
  })
  assert.deepEqual(genres, [
    ['track:a_1', 'rock'],
    ['track:a_2', 'jazz'],
  ])
})
