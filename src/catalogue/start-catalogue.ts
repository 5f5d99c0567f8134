/** The catalogue put together: client, cache, what it teaches, and the look-ups in the background. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { Documents, Instant } from '../storage/storage.ts'
import { Catalogue } from './catalogue.ts'
import { CatalogueClient } from './catalogue-client.ts'
import { type LookUpParts, LookUps } from './look-ups.ts'
import { RecordStore } from './record-store.ts'

export interface CatalogueParts {
  url: string
  clock: () => Instant
  caches: AnswerCaches
  documents: Documents
  /** How long an answer counts as new, in milliseconds. */
  ttlMs: number
  lookUpsPerMinute: number
  candidates: LookUpParts['candidates']
  unlisted: LookUpParts['unlisted']
  isOurTurn: LookUpParts['isOurTurn']
}

export interface StartedCatalogue {
  client: CatalogueClient
  catalogue: Catalogue
  lookUps: LookUps
  close(): Promise<void>
}

/** Begins to look up whom albums and names belong to. */
export function startCatalogue(parts: CatalogueParts): StartedCatalogue {
  const { url, clock, caches, documents, ttlMs, lookUpsPerMinute, candidates, unlisted, isOurTurn } = parts
  const client = new CatalogueClient({ url, clock })
  const records = new RecordStore(documents, clock)
  const catalogue = new Catalogue({
    client,
    caches,
    ttlMs,
    onAlbum: album => records.note({ album }),
    onArtist: artist => records.note({ artist }),
  })
  const lookUps = new LookUps({
    client,
    records,
    candidates,
    unlisted,
    isOurTurn,
    clock,
    refreshMs: ttlMs,
    perMinute: lookUpsPerMinute,
  })
  lookUps.start()
  return {
    client,
    catalogue,
    lookUps,
    async close() {
      await lookUps.close()
      await records.close()
    },
  }
}
