/** What a model recommends to one listener: all rules together. */
import type { Model } from '../model/model.ts'
import { type HistoryItem, scoreItems } from '../model/score.ts'
import { arrange, type ListRules } from './arrange.ts'
import { popularFill } from './popular-fill.ts'
import { explain } from './reasons.ts'
import { shortlist } from './shortlist.ts'

/** How many items of a listener's history scores are made of: those of the greatest weight. */
export const MOST_HISTORY = 100

/** A listener, by the model's numbers of items. */
export interface ListenerInModel {
  /** What the scores are made of. */
  history: readonly HistoryItem[]
  /** Never recommended for their scores. */
  known: ReadonlySet<number>
  /** Never recommended at all; `known` has them too. */
  had: ReadonlySet<number>
}

export interface ChosenItem {
  item: number
  strategy: 'model' | 'exploration' | 'popular'
  score: number
  reason: string
  /** What each item of the history brings, in their order; of a popular item, nothing. */
  shares: Float64Array
}

type Unexplained = Pick<ChosenItem, 'item' | 'strategy' | 'score'>

/** Three times the longest list: places are given to the best of these. */
const SHORTLIST = 300

/**
 * At most `limit` items. First those of positive score, then popular ones, at most two of an artist; then, where the list would be
 * too short, what was beyond that. A shorter list is the beginning of a longer one.
 */
export function listByModel(model: Model, { history, known, had }: ListenerInModel, rules: ListRules): ChosenItem[] {
  const scored = scoreItems(model, history)
  const { scores } = scored
  const scoredAs = (strategy: 'model' | 'exploration', item: number): Unexplained => {
    return { item, strategy, score: scores[item]! }
  }
  const { within, beyond } = shortlist(scores, item => known.has(item), model.artists, SHORTLIST)
  const places = arrange(
    model,
    scores,
    rules.isExploring ? withSmallArtists(model, scores, known, within) : within,
    rules,
  )
  const list = places.map(({ item, isExploration }) => scoredAs(isExploration ? 'exploration' : 'model', item))
  if (list.length < rules.limit) {
    const listed = [...list.map(({ item }) => item), ...beyond]
    const below = listed.length === 0 ? undefined : Math.min(...listed.map(item => scores[item]!))
    const excluded = new Set([...had, ...listed])
    const popular = popularFill(model, excluded, listed.slice(0, list.length), { size: SHORTLIST, below })
    const asPopular = (items: typeof popular.within) =>
      items.map((item): Unexplained => ({ ...item, strategy: 'popular' }))
    list.push(
      ...asPopular(popular.within),
      ...beyond.map(item => scoredAs('model', item)),
      ...asPopular(popular.beyond),
    )
  }
  return list.slice(0, rules.limit).map(chosen => {
    if (chosen.strategy === 'popular') return { ...chosen, reason: 'popular', shares: new Float64Array(0) }
    return { ...chosen, ...explain(model, history, scored, chosen.item) }
  })
}

/** The items and the best of artists outside the most played tenth, the best first. */
function withSmallArtists(
  model: Model,
  scores: Float64Array,
  known: ReadonlySet<number>,
  items: readonly number[],
): number[] {
  const isLeftOut = (item: number) => model.isMostPlayed[item] === 1 || known.has(item)
  const small = shortlist(scores, isLeftOut, model.artists, SHORTLIST).within
  return [...new Set([...items, ...small])].sort((a, b) => scores[b]! - scores[a]! || a - b)
}
