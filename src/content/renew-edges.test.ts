/** Edges are made good from the facts, on the real store. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openTempStore } from '../../test/support/temp-store.ts'
import { type AlbumFact, FACT_EDGES, type NamedFact, readEdge, writeFacts } from './facts.ts'
import { renewEdges } from './renew-edges.ts'

const ALBUMS = 450
const GROUPS = ['name:strassenkatzen', 'name:straßenkatzen', 'genre:ήχοσ', 'artist:4']

const albums = Array.from({ length: ALBUMS }, (_, i): NamedFact => {
  const fact: AlbumFact = { kind: 'album', at: 0, missing: false, artistId: '4', name: 'Straßenkatzen', genre: 'Ήχος' }
  return [`album:a${i}`, fact]
})

it('edges that are missing are written, by several at once, and those of earlier rules stay', async () => {
  const storage = openTempStore()
  const { documents } = storage
  const edgesOf = (group: string) => storage.snapshot(reads => reads.documentsIn(FACT_EDGES, [group]))
  await writeFacts(documents, albums)
  const whole = await Promise.all(GROUPS.map(edgesOf))
  assert.deepEqual(
    whole.map(edges => edges.length),
    [ALBUMS, 0, ALBUMS, ALBUMS],
  )

  await documents.remove(FACT_EDGES, { group: 'genre:ήχοσ' })
  await documents.remove(FACT_EDGES, { ids: whole[0]!.slice(0, 5) })
  const old = { id: 'name:straßenkatzen\nalbum:a0', group: 'name:straßenkatzen', value: '' }
  await documents.put(FACT_EDGES, [old], Number.POSITIVE_INFINITY)
  await Promise.all([renewEdges(storage), renewEdges(storage)])
  const renewed = await Promise.all(GROUPS.map(edgesOf))
  const things = (edges: string[]) => edges.map(id => readEdge(id).thing).sort()
  assert.deepEqual(renewed.map(things), [...whole.slice(0, 1), [old.id], ...whole.slice(2)].map(things))

  const [newest] = await documents.list(FACT_EDGES, { limit: 1 })
  await renewEdges(storage)
  assert.equal((await documents.list(FACT_EDGES, { limit: 1 }))[0]!.order, newest!.order, 'nothing is written twice')
})
