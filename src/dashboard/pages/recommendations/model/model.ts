/** The model that recommendations are made with. */
import type { ModelState } from '../../../recommendations/answers.ts'
import { useAnswer } from '../../../requests/queries.ts'

export const MODEL = '/api/recommendations/model'

export const useModel = () => useAnswer<ModelState>(MODEL)
