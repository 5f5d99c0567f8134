import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArtistRelease } from '../../http/releases.ts'
import { alignedReleases } from './aligned-releases.ts'

const DAY_MS = 86_400_000

/** A release with these plays on its first days. */
function release(id: string, plays: number[]): ArtistRelease {
  let sum = 0
  const series = plays.map((count, i) => {
    sum += count
    const [start, end] = [i, i + 1].map(day => new Date(day * DAY_MS).toISOString())
    return { day: i + 1, start: start!, end: end!, plays: count, cumulativePlays: sum }
  })
  return { id, title: id, series } as unknown as ArtistRelease
}

test('releases are laid over each other by all plays up to each day, on as many days as the longest has', () => {
  const { points, series } = alignedReleases([release('new', [3, 1]), release('old', [5, 0, 2])])
  assert.deepEqual(
    series.map(({ name, values }) => [name, values]),
    [
      ['new', [3, 4]],
      ['old', [5, 5, 7]],
    ],
  )
  assert.equal(points.length, 3)
})

test('what nobody played in its first days is not among them, and neither is a sixth line', () => {
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map(id => release(id, [1]))
  const { series } = alignedReleases([release('before the first event', [0, 0]), release('without a day', []), ...six])
  assert.deepEqual(
    series.map(({ name }) => name),
    ['a', 'b', 'c', 'd', 'e'],
  )
  assert.deepEqual(alignedReleases([]), { points: [], series: [] })
})
