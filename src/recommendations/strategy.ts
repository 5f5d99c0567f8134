/** How an item came into a list. */
export const STRATEGIES = ['model', 'exploration', 'similar', 'genre', 'popular'] as const

/**
 * `model`: the trained model of what listeners have in common. `exploration`: the model too, in place of an artist of the most
 * played tenth. `similar`: an item's nearest ones. `genre`: the catalogue's albums of a genre. `popular`: what most play.
 */
export type Strategy = (typeof STRATEGIES)[number]

/** Names one answer, and how this item came into it: `01a2…-….model`. Events about the item send it back. */
export const recommendationId = (answer: string, strategy: Strategy): string => `${answer}.${strategy}`
