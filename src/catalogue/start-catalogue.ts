/** Wires the catalogue: client, cache, records, and the refresh in the background. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { Documents, Instant } from '../storage/storage.ts'
import { Catalogue } from './catalogue.ts'
import { CatalogueClient } from './catalogue-client.ts'
import { CatalogueRefresh, type RefreshParts } from './catalogue-refresh.ts'
import { RecordStore } from './record-store.ts'

export interface CatalogueParts {
  url: string
  clock: () => Instant
  caches: AnswerCaches
  documents: Documents
  /** How long an answer stays fresh, in milliseconds. */
  ttlMs: number
  refreshCallsPerMinute: number
  questions: RefreshParts['questions']
  isOurTurn: RefreshParts['isOurTurn']
}

export interface StartedCatalogue {
  client: CatalogueClient
  catalogue: Catalogue
  refresh: CatalogueRefresh
  close(): Promise<void>
}

/** Begins the refresh. */
export function startCatalogue(parts: CatalogueParts): StartedCatalogue {
  const { url, clock, caches, documents, ttlMs, refreshCallsPerMinute, questions, isOurTurn } = parts
  const client = new CatalogueClient({ url, clock })
  const records = new RecordStore(documents, clock)
  const catalogue = new Catalogue({
    client,
    caches,
    ttlMs,
    onAlbum: album => records.writeSoon({ album }),
    onArtist: artist => records.writeSoon({ artist }),
  })
  const refresh = new CatalogueRefresh({
    client,
    records,
    questions,
    isOurTurn,
    clock,
    refreshMs: ttlMs,
    callsPerMinute: refreshCallsPerMinute,
  })
  refresh.start()
  return {
    client,
    catalogue,
    refresh,
    async close() {
      await refresh.close()
      await records.close()
    },
  }
}
