/** The wiring: starts the threads and the features that the settings ask for, and connects them. */
import { randomUUIDv7 } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { createAlerts } from './alerts/alerts.ts'
import { AnswerCaches } from './caching/answer-caches.ts'
import { startCatalogue } from './catalogue/start-catalogue.ts'
import { definitionsOf } from './definitions/definitions.ts'
import { Recommender } from './enrichment/recommender.ts'
import { ServiceHealth } from './health.ts'
import type { AppServices } from './http/app-services.ts'
import { createIngestion } from './ingestion/create-ingestion.ts'
import { LiveFeed } from './live/live-feed.ts'
import { Integrity } from './opening/integrity.ts'
import { folderOf, recommendationsFolder } from './opening/open-storage.ts'
import { createQuestions } from './questions.ts'
import { startTrainings } from './recommendations/training/start-trainings.ts'
import type { Config } from './settings/config.ts'
import { Lease } from './storage/lease.ts'
import { SharedSecret } from './storage/shared-secret.ts'
import { evaluateInThread, trainInThread } from './workers/training-threads.ts'
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
  const lease = config.mongo && new Lease({ documents, name: 'look-ups', instance })
  lease?.start()
  const isOurTurn = () => lease === null || lease.isHeld
  const started = startCatalogue(config, { clock, caches, documents, questions: figures, isOurTurn })
  if (started) events.on('counted', () => started.refresh.onEventsCounted())
  const onArtistRequested = (artistId: string) => started?.refresh.onArtistRequested(artistId)
  const catalogue = started?.catalogue ?? null
  const { enrichBudgetMs } = config
  const recommender = new Recommender({ caches, catalogue, figures, clock, enrichBudgetMs })
  const trainings = startTrainings({
    folder: recommendationsFolder(config),
    everyHours: config.recommendationTrainingHours,
    figures,
    train: trainInThread,
    evaluate: evaluateInThread,
    shared: config.mongo && { documents, instance },
    now: clock,
    announce,
  })
  events.on('counted', () => trainings.onEventsCounted())
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
    questions: createQuestions({
      figures,
      caches,
      catalogue,
      enrichBudgetMs,
      onArtistRequested,
      pseudonymSecret: new SharedSecret(documents, 'listener-pseudonyms'),
      clock,
    }),
    live,
    recommendations: recommender,
    trainings,
    alerts,
    figures,
    cache: caches,
    catalogue: started?.client ?? null,
    health: health.now,
    async close() {
      health.isDraining = true
      await Promise.all([
        live.close(),
        integrity.close(),
        trainings.close(),
        started?.close(),
        alerts.close(),
        lease?.close(),
      ])
      await queue.close()
      await threads.close()
    },
  }
}
