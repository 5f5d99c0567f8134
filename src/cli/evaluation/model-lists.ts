/** The lists that the service would serve to listeners with a history. */
import { servedList } from '../../recommendations/evaluation/served-list.ts'
import { weightOfPlays } from '../../recommendations/item-weight.ts'
import type { Model } from '../../recommendations/model/model.ts'
import { LIST_LENGTH, type ListMaker } from './cases.ts'

export function modelLists(model: Model, isExploring: boolean): ListMaker {
  return ({ history, known }) => {
    const weighed = history.map(({ item, plays }) => ({ item, weight: weightOfPlays(plays) }))
    return servedList(model, { history: weighed, known }, { limit: LIST_LENGTH, isExploring })
  }
}
