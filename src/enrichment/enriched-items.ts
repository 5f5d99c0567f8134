/** Lists whose rows have what the catalogue says of them. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Described, Keyed } from '../statistics/describe.ts'
import { enrichAll } from './enrichment.ts'

/** @param budgetMs how long the catalogue is waited for, in milliseconds */
export async function enrichedItems<List extends { items: (Keyed & Described)[] }>(
  list: List,
  catalogue: Catalogue | null,
  budgetMs: number,
): Promise<List> {
  return { ...list, items: await enrichAll(list.items, catalogue, budgetMs) }
}
