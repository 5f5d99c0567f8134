/** The wiring: settings → store, threads, catalogue, mailer, clock. */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createAlerts } from './alerts/alerts.ts'
import type { AppServices, Health } from './app-services.ts'
import { AnswerCaches } from './caching/answer-caches.ts'
import { type StartedCatalogue, startCatalogue } from './catalogue/start-catalogue.ts'
import { shared } from './concurrency/shared-work.ts'
import { enrichedTrending } from './enrichment/enriched-trending.ts'
import { Recommender } from './enrichment/recommender.ts'
import { DeadLetters } from './ingestion/dead-letters.ts'
import { Ingestion } from './ingestion/ingestion.ts'
import { IngestionQueue } from './ingestion/ingestion-queue.ts'
import { Integrity } from './opening/integrity.ts'
import { folderOf } from './opening/open-storage.ts'
import type { Config } from './settings/config.ts'
import type { TrendingQuestion } from './statistics/trending.ts'
import { Lease } from './storage/lease.ts'
import { toColumns } from './workers/entry-columns.ts'
import { type ServiceThreads, startThreads } from './workers/workers.ts'

/** A thread that does not answer within this is reported as failing. */
const STATUS_PATIENCE_MS = 1_000
/** More than the longest list of recommendations, for those whom a listener has are left out. */
const MOST_POPULAR = 400
const POPULAR_TTL_MS = 300_000
/** However many probes there are, the threads are asked ten times a second at most. */
const HEALTH_APART_MS = 100

/**
 * Opens the store and starts the threads; ready when it resolves. `onFailure` hears of a thread that has ended by
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
  // Who is told of it is made later than who tells.
  const onCounted: (() => void)[] = []
  let dropped = 0
  const onDropped = (count: number) => {
    dropped += count
  }
  const threads = await startThreads(config, {
    onFailure,
    onCounted: () => tellAll(onCounted),
    onLettersDropped: onDropped,
    announce,
  })
  const { writer, figures, documents } = threads
  const queue = new IngestionQueue(entries => writer.append(toColumns(entries)))
  const deadLetters = new DeadLetters(documents, { max: config.deadLetterMax, onDropped })
  const ingestion = new Ingestion({
    append: entries => queue.append(entries),
    deadLetters,
    clock,
    newId: randomUUIDv7,
    settings: { defaultCurrency: config.defaultCurrency, playMinSeconds: config.playMinMs / 1000 },
  })
  const caches = new AnswerCaches({ maxSize: config.cacheMaxSize, defaultTtlMs: config.cacheDefaultTtlMs })
  const instance = randomUUIDv7()
  const lease = config.mongo && new Lease({ documents, name: 'look-ups', instance })
  lease?.start()
  const content = startContent(config, clock, caches, threads, lease)
  if (content) onCounted.push(() => content.refresh.onEventsCounted())
  const trendingParts = {
    caches,
    ask: (question: TrendingQuestion, client: string) => figures.trending(question, clock(), client),
    catalogue: content?.catalogue ?? null,
    enrichBudgetMs: config.enrichBudgetMs,
  }
  const recommender = newRecommender(config, clock, caches, content, threads)
  const alerts = createAlerts(config, instance, {
    documents,
    figures,
    catalogue: content && {
      artist: id => content.catalogue.artist(id),
      onArtistRequested: artist => content.refresh.onArtistRequested(artist),
    },
    clock,
  })
  onCounted.push(() => alerts.onEventsCounted())
  await alerts.start()
  const integrity = new Integrity(folderOf(config), clock)
  integrity.start()
  const health = new StoreHealth(threads, queue, integrity, config.mongo ? 'mongodb' : 'sqlite')
  return {
    config,
    clock,
    ingestion,
    deadLetters,
    loggedAs: id => writer.loggedAs(id),
    droppedLetters: () => dropped,
    questions: {
      artistKpis: (question, { client, signal }) => {
        content?.refresh.onArtistRequested(question.artistId)
        return figures.artistKpis(question, clock(), client, signal)
      },
      trending: (question, client) => enrichedTrending(trendingParts, question, client),
      unattributed: (page, { client, signal }) => figures.unattributed(page, client, signal),
    },
    recommendations: {
      forUser: (userId, limit, client) => recommender.forUser(userId, limit, client),
      similar: (question, client) => recommender.similar(question, client),
    },
    alerts,
    figures: { copy: () => figures.copy() },
    cache: caches,
    catalogue: content?.client ?? null,
    health: shared(() => health.now(), HEALTH_APART_MS),
    async close() {
      health.isDraining = true
      integrity.close()
      await Promise.all([content?.close(), alerts.close(), lease?.close()])
      await queue.close()
      await threads.close()
    },
  }
}

function newRecommender(
  config: Config,
  clock: () => number,
  caches: AnswerCaches,
  content: StartedCatalogue | null,
  { figures }: ServiceThreads,
): Recommender {
  return new Recommender({
    caches,
    catalogue: content?.catalogue ?? null,
    store: {
      profile: figures.listenerProfile,
      had: figures.listenerHad,
      albumPlays: figures.albumPlays,
      popularArtists: since =>
        caches.main.get(
          since === 'ever' ? 'popular:ever' : 'popular',
          found => (found.length > 0 ? POPULAR_TTL_MS : 0),
          () => figures.popularArtists(since === 'ever' ? null : clock(), MOST_POPULAR),
        ),
    },
    budgetMs: config.enrichBudgetMs,
  })
}

function tellAll(listeners: readonly (() => void)[]): void {
  for (const tell of listeners) tell()
}

function startContent(
  config: Config,
  clock: () => number,
  caches: AnswerCaches,
  { documents, figures }: ServiceThreads,
  lease: Lease | null,
): StartedCatalogue | null {
  if (config.contentServiceUrl === null) return null
  return startCatalogue({
    url: config.contentServiceUrl,
    clock,
    caches,
    documents,
    ttlMs: config.cacheDefaultTtlMs,
    refreshCallsPerMinute: config.contentLookupsPerMinute,
    questions: figures,
    isOurTurn: () => lease === null || lease.isHeld,
  })
}

class StoreHealth {
  isDraining = false
  readonly #threads: ServiceThreads
  readonly #queue: IngestionQueue
  readonly #integrity: Integrity
  readonly #engine: Health['storage']['engine']
  #lastLag = { events: 0, ms: 0 }

  constructor(
    threads: ServiceThreads,
    queue: IngestionQueue,
    integrity: Integrity,
    engine: Health['storage']['engine'],
  ) {
    this.#threads = threads
    this.#queue = queue
    this.#integrity = integrity
    this.#engine = engine
  }

  async now(): Promise<Health> {
    const begun = performance.now()
    const [answer, counted] = await Promise.all([
      inTime(this.#threads.writer.status()),
      inTime(this.#threads.figures.status()),
    ])
    const integrity = this.#integrity.state
    const ok = answer !== undefined && answer.fault === undefined && integrity.state !== 'error'
    // Without an answer the lag is not known: it is at least what it was, and what waits.
    this.#lastLag = answer?.lag ?? {
      events: Math.max(this.#lastLag.events, this.#queue.events),
      ms: Math.max(this.#lastLag.ms, STATUS_PATIENCE_MS),
    }
    const state = this.isDraining ? 'draining' : counted?.isComplete ? 'ready' : 'starting'
    return {
      storage: { ok, engine: this.#engine, latencyMs: performance.now() - begun },
      integrity,
      projector: { lagEvents: this.#lastLag.events, lagMs: this.#lastLag.ms },
      countedPercent: counted && counted.all > 0 ? Math.floor((counted.counted / counted.all) * 100) : 0,
      queue: { events: this.#queue.events, load: this.#queue.load },
      ready: ok && state === 'ready',
      state,
    }
  }
}

/** The answer of a thread; undefined where it takes too long. */
function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  return Promise.race([answer, wait(STATUS_PATIENCE_MS, undefined, { ref: false })])
}
