/** The KPIs of an album or a track, with what the catalogue says of it. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ReleaseKpis } from '../statistics/release-kpis.ts'
import { enrichAll } from './enrichment.ts'

/** @param budgetMs how long the catalogue is waited for, in milliseconds */
export async function enrichedKpis(
  { entity, kpis }: ReleaseKpis,
  catalogue: Catalogue | null,
  budgetMs: number,
): Promise<ReleaseKpis> {
  const [enriched] = await enrichAll([entity], catalogue, budgetMs)
  return { entity: enriched ?? entity, kpis }
}
