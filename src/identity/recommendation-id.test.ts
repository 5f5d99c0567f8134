import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRecommendationId, recommendationId, STRATEGIES } from './recommendation-id.ts'

const ANSWER = '01a210ab-ee1c-7ac9-8a39-da2f0bb5e2b5'

test('the id of a recommendation gives its answer and its strategy again', () => {
  for (const strategy of STRATEGIES) {
    const id = recommendationId(ANSWER, strategy)
    assert.deepEqual(parseRecommendationId(id), { answer: ANSWER, strategy })
  }
})

test('an id of a recommendation without a known strategy is an answer of an unknown one', () => {
  for (const id of [ANSWER, `${ANSWER}.`, `${ANSWER}.Model`, `${ANSWER}.later`, 'model', 'a.b', '.', '']) {
    assert.deepEqual(parseRecommendationId(id), { answer: id, strategy: 'unknown' })
  }
})

test('the last dot of an id of a recommendation divides it', () => {
  assert.deepEqual(parseRecommendationId('a.model.popular'), { answer: 'a.model', strategy: 'popular' })
  assert.deepEqual(parseRecommendationId('.genre'), { answer: '', strategy: 'genre' })
})
