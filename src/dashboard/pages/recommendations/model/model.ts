/** The model that recommendations are made with. */
import type { RecommendationModel } from '../../../../http/recommendation-model.ts'
import { useAnswer } from '../../../requests/queries.ts'

export const MODEL = '/api/recommendations/model'

export const useModel = () => useAnswer<RecommendationModel>(MODEL)
