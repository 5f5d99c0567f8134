/** The listeners of a test: what the lists may know of each, and what they should have. */
import type { PlayedItem, Split } from '../../recommendations/evaluation/split.ts'

export interface EvaluationCase {
  /** What the lists know. */
  history: readonly PlayedItem[]
  /** What is in no list: the history, and what else the listener is known to have. */
  known: ReadonlySet<number>
  /** What the lists should have; not empty. */
  wanted: ReadonlySet<number>
}

/** As many as a client can ask for. */
export const LIST_LENGTH = 100

/** Makes a list of `LIST_LENGTH` artists at most, by number, best first. */
export type ListMaker = (listener: EvaluationCase) => number[]

/** Where a model is never trained on every fifth listener, they are new to it. */
export const isNewListener = (listener: number): boolean => listener % 5 === 0

/** The listeners with something to test. */
export function casesOf({ train, test }: Split): EvaluationCase[] {
  return train.flatMap((history, listener) => {
    const known = new Set(history.map(({ item }) => item))
    const wanted = new Set(test[listener]!)
    return wanted.size === 0 || history.length === 0 ? [] : [{ history, known, wanted }]
  })
}

/** New listeners of whom only the first `count` items are known; what else they have is in no list either. */
export function newListenersOf({ train, test }: Split, count: number): EvaluationCase[] {
  const isTested = (listener: number) => isNewListener(listener) && train[listener]!.length >= count
  const tested = test.map((items, listener) => (isTested(listener) ? items : []))
  return casesOf({ train, test: tested }).map(all => ({ ...all, history: all.history.slice(0, count) }))
}
