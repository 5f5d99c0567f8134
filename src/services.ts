/** The wiring: starts the threads and the features that the settings ask for, and connects them. */
import { randomUUIDv7 } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { createAlerts } from './alerts/alerts.ts'
import { AnswerCaches } from './caching/answer-caches.ts'
import { startCatalogue } from './catalogue/start-catalogue.ts'
import { definitionsOf } from './definitions/definitions.ts'
import { enrichedEvents } from './enrichment/enriched-events.ts'
import { enrichedItems } from './enrichment/enriched-items.ts'
import { enrichedKpis } from './enrichment/enriched-kpis.ts'
import { enrichedTrending } from './enrichment/enriched-trending.ts'
import { enrichAll } from './enrichment/enrichment.ts'
import { Recommender } from './enrichment/recommender.ts'
import { ServiceHealth } from './health.ts'
import type { AppServices } from './http/app-services.ts'
import { createIngestion } from './ingestion/create-ingestion.ts'
import { LiveFeed } from './live/live-feed.ts'
import { Integrity } from './opening/integrity.ts'
import { folderOf } from './opening/open-storage.ts'
import type { Config } from './settings/config.ts'
import { Lease } from './storage/lease.ts'
import { SharedSecret } from './storage/shared-secret.ts'
import { startThreads } from './workers/workers.ts'

interface ServiceEvents {
  /** Events were counted, or catalogue records were applied. */
  counted: []
}

/**
 * Opens the store and starts the threads; ready when it resolves. `onFailure` gets the error of a thread that has ended by
 * itself: nothing works then, and the process should end. `announce` takes lines for the log on why the service is not
 * ready yet.
 * @throws StoreInUse where another process has the data directory
 */
export async function startServices(
  config: Config,
  onFailure: (error: Error) => void,
  announce: (line: string) => void,
): Promise<AppServices> {
  const clock = Date.now
  const instance = randomUUIDv7()
  const events = new EventEmitter<ServiceEvents>()
  let droppedLetters = 0
  const onLettersDropped = (count: number) => {
    droppedLetters += count
  }
  const onCounted = () => events.emit('counted')
  const threads = await startThreads(config, { onFailure, onCounted, onLettersDropped, announce })
  const { writer, figures, documents } = threads
  const { ingestion, queue, deadLetters } = createIngestion(config, { writer, documents, onLettersDropped, clock })
  const caches = new AnswerCaches({ maxSize: config.cacheMaxSize, defaultTtlMs: config.cacheDefaultTtlMs })
  const pseudonymSecret = new SharedSecret(documents, 'listener-pseudonyms')
  const lease = config.mongo && new Lease({ documents, name: 'look-ups', instance })
  lease?.start()
  const isOurTurn = () => lease === null || lease.isHeld
  const started = startCatalogue(config, { clock, caches, documents, questions: figures, isOurTurn })
  if (started) events.on('counted', () => started.refresh.onEventsCounted())
  const onArtistRequested = (artistId: string) => started?.refresh.onArtistRequested(artistId)
  const catalogue = started?.catalogue ?? null
  const { enrichBudgetMs } = config
  const recommender = new Recommender({ caches, catalogue, figures, clock, enrichBudgetMs })
  const artist = catalogue && { artist: (id: string) => catalogue.artist(id), onArtistRequested }
  const alerts = createAlerts(config, instance, { documents, figures, catalogue: artist, clock })
  events.on('counted', () => alerts.onEventsCounted())
  await alerts.start()
  const definitions = definitionsOf(config)
  const live = new LiveFeed({
    figures,
    catalogue,
    definitions: definitions.version,
    clock,
    log: error => announce(`live figures fail: ${String(error)}`),
  })
  const integrity = new Integrity(folderOf(config), clock)
  integrity.start()
  const health = new ServiceHealth({ threads, queue, integrity, engine: config.mongo ? 'mongodb' : 'sqlite' })
  return {
    config,
    clock,
    ingestion,
    deadLetters,
    loggedAs: id => writer.loggedAs(id),
    droppedLetters: () => droppedLetters,
    definitions,
    questions: {
      artistKpis: (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        return figures.artistKpis(question, clock(), client, signal)
      },
      releaseKpis: async (question, { client, signal }) =>
        enrichedKpis(await figures.releaseKpis(question, clock(), client, signal), catalogue, enrichBudgetMs),
      mostPlayed: async (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        return enrichedItems(await figures.mostPlayed(question, clock(), client, signal), catalogue, enrichBudgetMs)
      },
      releases: async (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        return enrichedItems(await figures.releases(question, clock(), client, signal), catalogue, enrichBudgetMs)
      },
      overview: (question, { client, signal }) => figures.overview(question, clock(), client, signal),
      milestones: (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        return figures.milestones(question, client, signal)
      },
      artistEvents: async (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        const options = { secret: await pseudonymSecret.read(), now: clock() }
        const page = await figures.artistEvents(question, options, client, signal)
        return enrichedEvents(page, catalogue, enrichBudgetMs)
      },
      audience: (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        return figures.audience(question, clock(), client, signal)
      },
      rhythm: (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        return figures.rhythm(question, clock(), client, signal)
      },
      liveHistory: (artistId, { client, signal }) => figures.liveHistory(artistId, clock(), client, signal),
      trending: (question, client) =>
        enrichedTrending({ caches, figures, clock, catalogue, enrichBudgetMs }, question, client),
      artistPosition: (question, { client, signal }) => {
        onArtistRequested(question.artistId)
        return figures.artistPosition(question, clock(), client, signal)
      },
      unattributed: (page, { client, signal }) => figures.unattributed(page, client, signal),
      search: async question => {
        const { items, isComplete } = await figures.search(question)
        return { items: await enrichAll(items, catalogue, enrichBudgetMs), isComplete }
      },
    },
    live,
    recommendations: recommender,
    alerts,
    figures,
    cache: caches,
    catalogue: started?.client ?? null,
    health: health.now,
    async close() {
      health.isDraining = true
      await Promise.all([live.close(), integrity.close(), started?.close(), alerts.close(), lease?.close()])
      await queue.close()
      await threads.close()
    },
  }
}
