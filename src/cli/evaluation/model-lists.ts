/** The lists that the service would serve to listeners with a history. */
import { bestItems } from '../../recommendations/evaluation/best-items.ts'
import { weightOfPlays } from '../../recommendations/item-weight.ts'
import type { Model } from '../../recommendations/model/model.ts'
import { scoreItems } from '../../recommendations/model/score.ts'
import { LIST_LENGTH, type ListMaker } from './cases.ts'

export function modelLists(model: Model, exploration: boolean): ListMaker {
  return ({ history, known }) => {
    const weighed = history.map(({ item, plays }) => ({ item, weight: weightOfPlays(plays) }))
    return bestItems(scoreItems(model, weighed).scores, known, LIST_LENGTH)
  }
}
