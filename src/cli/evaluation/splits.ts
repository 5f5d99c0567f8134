/** Divides a data set into what lists may know and what they should have. */
import { DataFileError } from '../../data-files/findings.ts'
import { type PlayedItem, type Split, splitAtRandom } from '../../recommendations/evaluation/split.ts'
import { type DataSet, LISTENINGS, type Listening } from './data-set.ts'

export function randomSplit({ listenerIds, listenings }: DataSet, seed: number): Split {
  const listeners = playedItems(listenings, listenerIds.length)
  return splitAtRandom(
    listeners.map(played => played.sort((a, b) => a.item - b.item)),
    seed,
  )
}

/**
 * The same moment for all listeners: `share` of the rows, the last ones, are after it. The test is what a listener played after it
 * for the first time.
 * @throws DataFileError where a row has no time
 */
export function temporalSplit({ listenerIds, listenings }: DataSet, share: number): Split {
  const inOrder = listenings.map(row => ({ ...row, at: instantOf(row) })).sort((a, b) => a.at - b.at)
  const cut = inOrder[Math.floor((1 - share) * inOrder.length)]!.at
  const train = playedItems(
    inOrder.filter(({ at }) => at < cut),
    listenerIds.length,
  )
  const later = playedItems(
    inOrder.filter(({ at }) => at >= cut),
    listenerIds.length,
  )
  const test = later.map((played, listener) => {
    const before = new Set(train[listener]!.map(({ item }) => item))
    const items = played.map(({ item }) => item).filter(item => !before.has(item))
    return items.sort((a, b) => a - b)
  })
  return { train, test }
}

function instantOf({ at, line }: Listening): number {
  if (at === null) throw new DataFileError(LISTENINGS, { line }, 'a temporal split needs a fourth column, timestamp')
  return at
}

/** What each listener played, in the order of the rows; plays of an artist in several rows are added. */
function playedItems(listenings: readonly Listening[], listenerCount: number): PlayedItem[][] {
  const listeners = Array.from({ length: listenerCount }, () => new Map<number, number>())
  for (const { listener, artist, plays } of listenings) {
    const played = listeners[listener]!
    played.set(artist, (played.get(artist) ?? 0) + plays)
  }
  return listeners.map(played => [...played].map(([item, plays]) => ({ item, plays })))
}
