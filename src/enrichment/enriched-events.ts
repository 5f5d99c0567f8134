/** The counted events of an artist, with what the catalogue says of their tracks and albums. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ArtistEventsPage } from '../statistics/artist-events.ts'
import { enrichAll } from './enrichment.ts'

/** @param budgetMs how long the catalogue is waited for, in milliseconds */
export async function enrichedEvents(
  { items, ...page }: ArtistEventsPage,
  catalogue: Catalogue | null,
  budgetMs: number,
): Promise<ArtistEventsPage> {
  const named = items.map(({ release }) => release).filter(release => release !== null)
  const releases = (await enrichAll(named, catalogue, budgetMs)).values()
  return { ...page, items: items.map(item => (item.release ? { ...item, release: releases.next().value! } : item)) }
}
