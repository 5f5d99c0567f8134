/**
 * How much an item weighs in a listener's taste: the logarithm of plays, where a like counts as much as 7 plays, a follow as 15 and a
 * purchase as 31, so that alone they weigh 3, 4 and 5; 3 plays weigh 2, and 100 plays 6.7. A like takes a decision, a follow asks for
 * more, a purchase costs money; the factors are a choice of this service. Only relations matter: a weight is divided by the mean of
 * the listener's weights.
 */
const PLAYS_OF = { likes: 7, follows: 15, purchases: 31 } as const

/** SQL over the columns `plays`, `likes`, `follows`, `purchases`, none below zero. */
export const ITEM_WEIGHT = `log2(1 + plays + ${PLAYS_OF.likes} * likes + ${PLAYS_OF.follows} * follows + ${PLAYS_OF.purchases} * purchases)`

/** The weight of plays alone. */
export const weightOfPlays = (plays: number): number => Math.log2(1 + plays)
