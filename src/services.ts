/** The wiring: settings → store, threads, catalogue, mailer, clock. */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Recipient } from './alerts/addressing.ts'
import { ALERT_SUPPRESSION } from './alerts/alert-suppression.ts'
import { Alerts } from './alerts/alerts.ts'
import { SmtpMailer } from './alerts/mailer.ts'
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
import type { Documents } from './storage/storage.ts'
import { StoredWaits } from './storage/stored-waits.ts'
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
  const alerts = newAlerts(config, clock, content, threads, instance)
  onCounted.push(() => alerts.ingested())
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

function newAlerts(
  config: Config,
  clock: () => number,
  content: StartedCatalogue | null,
  { documents, figures }: ServiceThreads,
  instance: string,
): Alerts {
  const waits = new StoredWaits(clock)
  return new Alerts({
    documents,
    clock,
    instance,
    artistOf: asked => {
      content?.refresh.onArtistRequested(asked)
      return figures.artistOf(asked)
    },
    countsOf: (artistId, windowMs) => figures.alertCounts(artistId, windowMs, clock()),
    breaching: async (rule, except) => {
      const now = clock()
      const windowMs = rule.windowMs - (await quietMs(documents, waits, rule.windowMs))
      return windowMs > 0 ? figures.breachingArtists({ ...rule, windowMs }, now, except) : []
    },
    // Who was a mere name when the alert was recorded may be known by now.
    recipientOf: async artistId => recipientOf(content, (await figures.artistOf(artistId)).id),
    recipients: config.alertRecipients,
    mailer: config.smtp && new SmtpMailer(config.smtp, config.mailFrom),
    soleInstance: config.mongo === null,
    log: error => process.emitWarning(error instanceof Error ? error : String(error)),
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

/** What an import took in alerts nobody: how much of the window was before its end, and counts for no alert by itself. */
async function quietMs(documents: Documents, waits: StoredWaits, windowMs: number): Promise<number> {
  const document = await documents.get(ALERT_SUPPRESSION.collection, ALERT_SUPPRESSION.id)
  return document ? waits.left(ALERT_SUPPRESSION.id, Number(document.value) + windowMs, windowMs) : 0
}

/** An artist's address and name: nothing where there is no catalogue. */
async function recipientOf(content: StartedCatalogue | null, artistId: string): Promise<Recipient> {
  const artist = await content?.catalogue.artist(artistId)
  return { email: artist?.email ?? null, name: artist?.name ?? null }
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
