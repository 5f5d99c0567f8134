/** The KPIs of one artist. */
import { ownerAskedFor } from '../attribution/attribution.ts'
import type { Snapshot } from '../storage/figures.ts'
import { ofOwner } from './kpi-totals.ts'
import { type KpiSettings, type Kpis, kpisOf, type SeriesQuestion, totalsOf } from './kpis.ts'

export interface KpiQuestion extends SeriesQuestion {
  artistId: string
}

export interface ArtistKpis extends Kpis {
  artistId: string
}

/** The KPIs of an artist; zeros for an id that no event or record names. @throws ServiceError 400 as `kpisOf` */
export async function artistKpis(
  reads: Snapshot,
  { artistId, ...question }: KpiQuestion,
  settings: KpiSettings,
): Promise<ArtistKpis> {
  const owner = await ownerAskedFor(reads, artistId)
  const subject = owner === undefined ? undefined : ofOwner(owner)
  return { artistId, ...(await kpisOf(totalsOf(reads, subject), question, settings)) }
}
