/** Takes a random part of each listener's items away, to see whether lists made of the rest have them. */
import { createHash } from 'node:crypto'
import { mulberry32 } from '../mulberry32.ts'

/** An item that a listener has played. */
export interface PlayedItem {
  /** Its number; items are numbered from 0 in the order of their ids. */
  item: number
  plays: number
}

export interface Split {
  /** What is known of each listener; after a random split in random order, so that the first m are a random choice. */
  train: PlayedItem[][]
  /** The items of each listener that the lists should have, ascending; empty where the listener is not tested. */
  test: number[][]
}

const TEST_SHARE = 0.2

/**
 * One stream of random numbers shuffles the items of one listener after the other; the last fifth of each, rounded down, is for
 * the test.
 * @param listeners the items of each listener, ascending.
 */
export function splitAtRandom(listeners: readonly (readonly PlayedItem[])[], seed: number): Split {
  const random = mulberry32(seed)
  const split: Split = { train: [], test: [] }
  for (const played of listeners) {
    const shuffled = shuffle(played, random)
    const trainCount = played.length - Math.floor(TEST_SHARE * played.length)
    split.train.push(shuffled.slice(0, trainCount))
    split.test.push(itemsOf(shuffled.slice(trainCount)))
  }
  return split
}

const itemsOf = (played: readonly PlayedItem[]): number[] => played.map(({ item }) => item).sort((a, b) => a - b)

/** Fisher and Yates, from the end. */
function shuffle<T>(values: readonly T[], random: () => number): T[] {
  const shuffled = [...values]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const moved = shuffled[i]!
    shuffled[i] = shuffled[j]!
    shuffled[j] = moved
  }
  return shuffled
}

/** Two programs that give the same SHA-256 here test the same: a line `<listener>\t<item>\n` for each pair of the test, by their ids. */
export function splitHash({ test }: Split, listenerIds: readonly string[], itemIds: readonly string[]): string {
  const hash = createHash('sha256')
  for (const [row, items] of test.entries()) {
    for (const item of items) hash.update(`${listenerIds[row]}\t${itemIds[item]}\n`)
  }
  return hash.digest('hex')
}
