/** What lists of tracks and albums can be sorted by, and the figure of a row by which it is. */
import type { MostPlayedRow } from '../../http/most-played.ts'

/** As the API names them. */
export const SORTS = ['plays', 'listeners', 'likes', 'growth'] as const
export type Sort = (typeof SORTS)[number]

/** The names of the definitions of these figures. */
export const FIGURES: Readonly<Record<Sort, string>> = {
  plays: 'plays',
  listeners: 'uniqueListeners',
  likes: 'likes',
  growth: 'score',
}

/** What the order is by; of growth the score, which is below zero where a row lost plays. */
export function weightOf({ plays, uniqueListeners, likes, score = 0 }: MostPlayedRow, sort: Sort): number {
  return { plays, listeners: uniqueListeners, likes, growth: score }[sort]
}
