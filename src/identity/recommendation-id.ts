/** The ids of recommendations: which answer an item was in, and how it came into it. */

/**
 * `model`: the trained model of what listeners have in common. `exploration`: the model too, in place of an artist of the most
 * played tenth. `similar`: an item's nearest ones. `genre`: the catalogue's albums of a genre. `popular`: what most play.
 */
export const STRATEGIES = ['model', 'exploration', 'similar', 'genre', 'popular'] as const

/** How an item came into a list. */
export type Strategy = (typeof STRATEGIES)[number]

/** All that the id of a recommendation can say; `unknown`: it does not, as where a client made it up. */
export const TOLD_STRATEGIES = [...STRATEGIES, 'unknown'] as const

export interface RecommendationId {
  /** Names the answer; of an id without a strategy, the whole id. */
  answer: string
  strategy: (typeof TOLD_STRATEGIES)[number]
}

/** Names one answer, and how this item came into it: `01a2…-….model`. Events about the item send it back. */
export const recommendationId = (answer: string, strategy: Strategy): string => `${answer}.${strategy}`

/** The inverse of `recommendationId`; any other text is the name of an answer. */
export function parseRecommendationId(id: string): RecommendationId {
  const dot = id.lastIndexOf('.')
  const strategy = STRATEGIES.find(known => known === id.slice(dot + 1))
  if (dot === -1 || strategy === undefined) return { answer: id, strategy: 'unknown' }
  return { answer: id.slice(0, dot), strategy }
}
