import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Play, type PlayCounts, RecentPlays } from './recent-plays.ts'

const NONE: ReadonlySet<number> = new Set()
const PLAY: Play = { instant: 10_500, key: 7, part: 0, track: 70, listener: 700 }

const sizes = ({ listeners, tracks }: PlayCounts) => [Object.fromEntries(listeners), Object.fromEntries(tracks)]

test('a play leaves with the millisecond of its instant, in whatever order plays came', () => {
  const plays = new RecentPlays()
  for (const instant of [10_999, 9_000, 10_500, 11_000]) plays.add({ ...PLAY, instant }, NONE)
  for (const [last, left] of [
    [8_999, 4],
    [9_000, 3],
    [10_499, 3],
    [10_500, 2],
    [10_998, 2],
    [10_999, 1],
    [11_000, 0],
  ] as const) {
    plays.removeUntil(last)
    assert.equal(plays.platform.tracks.get(70) ?? 0, left, `${last}`)
  }
})

test('the platform counts the first credit of a play, its artists each of theirs', () => {
  const plays = new RecentPlays()
  plays.watch(new Map([[8, 80]]))
  plays.add(PLAY, NONE)
  plays.add({ ...PLAY, key: 8, part: 1 }, NONE)
  assert.deepEqual(sizes(plays.platform), [{ 700: 1 }, { 70: 1 }])
  assert.deepEqual(sizes(plays.artists.get(80)!), [{ 700: 1 }, { 70: 1 }])
  plays.removeUntil(PLAY.instant)
  assert.deepEqual(sizes(plays.platform), [{}, {}])
  assert.deepEqual(sizes(plays.artists.get(80)!), [{}, {}])
})

test('plays of nobody and of no track are neither listeners nor tracks', () => {
  const plays = new RecentPlays()
  plays.add({ ...PLAY, track: 0, listener: 0 }, NONE)
  assert.deepEqual(sizes(plays.platform), [{}, {}])
})

test('a key that an owner gets is to be counted, and all keys of an owner who loses one', () => {
  const plays = new RecentPlays()
  assert.deepEqual(plays.watch(new Map([[7, 70]])), new Set([7]))
  assert.deepEqual(plays.watch(new Map([[7, 70]])), new Set())
  const gains = new Map([
    [7, 70],
    [8, 70],
  ])
  assert.deepEqual(plays.watch(gains), new Set([8]))
  const moved = new Map([
    [7, 70],
    [8, 80],
  ])
  assert.deepEqual(plays.watch(moved), new Set([7, 8]))
  assert.deepEqual(plays.watch(new Map([[8, 80]])), new Set())
  assert.deepEqual([...plays.artists.keys()], [80])
})
