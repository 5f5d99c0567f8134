/** The KPIs of one album or one track. */
import { ownersOf, trackOriginsOf } from '../attribution/attribution.ts'
import { albumRef, idOf, trackRef } from '../identity/entity-ref.ts'
import type { Snapshot } from '../storage/figures.ts'
import { type Described, describe, type Keyed, NO_NUMBER } from './describe.ts'
import { ofRelease } from './kpi-totals.ts'
import { type KpiSettings, type Kpis, kpisOf, type SeriesQuestion, totalsOf } from './kpis.ts'

export interface ReleaseQuestion extends SeriesQuestion {
  kind: 'album' | 'track'
  /** Of an album its id, of a track its key, such as `<albumId>_1`. */
  id: string
}

export interface ReleaseKpis {
  /** What is known of the album or the track. */
  entity: Keyed &
    Exclude<Described, { type: 'artist' }> & {
      /** What the figures of its artist are asked by: an id, or a name that belongs to no id; null where none is known. */
      artistId: string | null
    }
  /** Whether any event or catalogue record names it. Nobody is asked about others, for clients can make up any id. */
  isKnown: boolean
  kpis: Kpis
}

/** Zeros for an id that no event names. @throws ServiceError 400 as `kpisOf` */
export async function releaseKpis(
  reads: Snapshot,
  { kind, id, ...question }: ReleaseQuestion,
  settings: KpiSettings,
): Promise<ReleaseKpis> {
  const ref = kind === 'album' ? albumRef(id) : trackRef(id)
  const number = reads.idsOf([ref]).get(ref)
  const subject = number === undefined ? undefined : ofRelease(kind, number)
  const kpis = await kpisOf(totalsOf(reads, subject), question, settings)
  const artistId = number === undefined ? null : await artistIdOf(reads, kind, number)
  const row = { key: id, artistId, enriched: false }
  const [entity] = await describe(reads, `${kind}s`, [{ id: number ?? NO_NUMBER, entity: ref, row }])
  return { entity: entity as ReleaseKpis['entity'], isKnown: number !== undefined, kpis }
}

async function artistIdOf(reads: Snapshot, kind: ReleaseQuestion['kind'], release: number): Promise<string | null> {
  const owner =
    kind === 'album'
      ? (await ownersOf(reads, [release])).get(release)
      : (await trackOriginsOf(reads, [release])).get(release)?.owner
  // An album that belongs to nobody is its own owner.
  if (owner === undefined || owner === null || owner === release) return null
  return idOf((await reads.entitiesOf([owner])).get(owner)!)
}
