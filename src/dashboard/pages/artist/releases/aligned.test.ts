/** Releases laid over each other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArtistRelease } from '../../../../http/releases.ts'
import { alignedSeries } from './aligned.ts'

const release = (id: string, title: string | null, ...plays: number[]) => {
  let sum = 0
  const series = plays.map((plays, i) => {
    sum += plays
    return { day: i + 1, start: `${id} ${i}`, end: `${id} ${i + 1}`, plays, cumulativePlays: sum }
  })
  return { id, title, series } as unknown as ArtistRelease
}

test('each series has all plays up to each day, and the points of the graph are those of the longest', () => {
  const { points, series } = alignedSeries([release('a', 'New', 3, 2), release('b', 'Old', 1, 0, 4)])
  assert.deepEqual(
    series.map(({ values }) => values),
    [
      [3, 5],
      [1, 1, 5],
    ],
  )
  assert.deepEqual(
    points.map(({ start }) => start),
    ['b 0', 'b 1', 'b 2'],
  )
})

test('releases without plays in these days are no lines, and neither are more than five', () => {
  const releases = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(id => release(id, id, id === 'b' ? 0 : 1))
  assert.deepEqual(
    alignedSeries(releases).series.map(({ name }) => name),
    ['a', 'c', 'd', 'e', 'f'],
  )
})

test('releases of the same title are told apart, and one without a title has its id', () => {
  const { series } = alignedSeries([release('a', 'Same', 1), release('b', 'Same', 1), release('c', null, 1)])
  assert.deepEqual(
    series.map(({ name }) => name),
    ['Same', 'Same (b)', 'c'],
  )
})

test('without releases there are no series and no points', () => {
  assert.deepEqual(alignedSeries([]), { points: [], series: [] })
})
