/** The items that have most listeners in common with one. */
import type { Model } from '../model/model.ts'
import { capByArtist } from './artist-cap.ts'
import type { ScoredItem } from './best-items.ts'

/**
 * The nearest items of one, without those in `excluded`, at most two of an artist as long as there are others. score = strength /
 * greatest strength; ties by number.
 */
export function similarItems(
  { neighbours, artists }: Pick<Model, 'neighbours' | 'artists'>,
  item: number,
  excluded: ReadonlySet<number>,
  limit: number,
): ScoredItem[] {
  const { starts, columns, values } = neighbours
  const near: ScoredItem[] = []
  let greatest = 0
  for (let at = starts[item]!; at < starts[item + 1]!; at++) {
    near.push({ item: columns[at]!, score: values[at]! })
    greatest = Math.max(greatest, values[at]!)
  }
  const strengthOf = new Map(near.map(({ item, score }) => [item, score]))
  near.sort((a, b) => b.score - a.score || a.item - b.item)
  const { within, beyond } = capByArtist(
    near.map(({ item }) => item).filter(item => !excluded.has(item)),
    item => artists[item],
  )
  return [...within, ...beyond].slice(0, limit).map(item => ({ item, score: strengthOf.get(item)! / greatest }))
}
