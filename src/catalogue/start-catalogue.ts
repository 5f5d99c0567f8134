/** Wires the catalogue: client, cache, records, and the refresh in the background. */
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { Config } from '../settings/config.ts'
import type { Documents, Instant } from '../storage/storage.ts'
import { Catalogue } from './catalogue.ts'
import { CatalogueClient } from './catalogue-client.ts'
import { CatalogueRefresh, type RefreshParts } from './catalogue-refresh.ts'
import { RecordStore } from './record-store.ts'

interface CatalogueParts {
  clock: () => Instant
  caches: AnswerCaches
  documents: Documents
  questions: RefreshParts['questions']
  isOurTurn: RefreshParts['isOurTurn']
}

export interface StartedCatalogue {
  client: CatalogueClient
  catalogue: Catalogue
  refresh: CatalogueRefresh
  close(): Promise<void>
}

/** The catalogue that the settings name, whose refresh has begun; null where they name none. */
export function startCatalogue(
  config: Pick<Config, 'contentServiceUrl' | 'contentLookupsPerMinute' | 'cacheDefaultTtlMs'>,
  { clock, caches, documents, questions, isOurTurn }: CatalogueParts,
): StartedCatalogue | null {
  const { contentServiceUrl: url, contentLookupsPerMinute: callsPerMinute, cacheDefaultTtlMs: ttlMs } = config
  if (url === null) return null
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
    callsPerMinute,
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
