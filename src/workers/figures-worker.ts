/**
 * The figures worker: it makes facts of the log, and answers all questions. DuckDB's own threads do the work of a question;
 * on this one, only applying events and preparing answers takes time.
 */

import { join } from 'node:path'
import { Copies } from '../facts/copies.ts'
import { LiveFigures } from '../facts/live-figures.ts'
import { LiveCounts } from '../live/live-counts.ts'
import { beginAnew, type FiguresSettings, openFigures } from '../opening/open-figures.ts'
import { copiesFolder, folderOf, recommendationsFolder, type StoreLocation } from '../opening/open-storage.ts'
import { readCopy } from '../opening/read-copy.ts'
import type { PageQuery } from '../paging.ts'
import { albumPlays } from '../recommendations/album-plays.ts'
import { hadItems } from '../recommendations/had-items.ts'
import type { ItemKind } from '../recommendations/item-kind.ts'
import { listenerHad, listenerProfile } from '../recommendations/listener-profile.ts'
import {
  type ListQuestion,
  recommendItems,
  type SimilarQuestion,
  similarTo,
} from '../recommendations/lists/recommend-items.ts'
import { popularArtists } from '../recommendations/popular-artists.ts'
import { popularItems } from '../recommendations/popular-items.ts'
import { ArrayFileWriter } from '../recommendations/training/array-file.ts'
import { heldOutDays } from '../recommendations/training/held-out-days.ts'
import { LoadedModels } from '../recommendations/training/loaded-models.ts'
import { readTrainingData, type TrainingEvents } from '../recommendations/training/read-training-data.ts'
import { modelFile } from '../recommendations/training/training-files.ts'
import { LiveSearch } from '../search/live-search.ts'
import type { SearchQuestion } from '../search/search.ts'
import { type AlertRule, alertCounts, breachingArtists } from '../statistics/alert-windows.ts'
import { type ArtistEventsOptions, type ArtistEventsQuestion, artistEvents } from '../statistics/artist-events.ts'
import { artistKpis, type KpiQuestion } from '../statistics/artist-kpis.ts'
import { artistPosition, type PositionQuestion } from '../statistics/artist-position.ts'
import { type AudienceQuestion, audience } from '../statistics/audience.ts'
import { EligiblePlays } from '../statistics/eligible-plays.ts'
import type { KpiSettings, SeriesQuestion } from '../statistics/kpis.ts'
import { liveHistory } from '../statistics/live-history.ts'
import { type MilestoneQuestion, milestones } from '../statistics/milestones.ts'
import { type MostPlayedQuestion, mostPlayed } from '../statistics/most-played.ts'
import { artistOf } from '../statistics/named-artist.ts'
import { Overview } from '../statistics/overview.ts'
import { type PerformanceQuestion, recommendationPerformance } from '../statistics/recommendation-performance.ts'
import { refreshCandidates } from '../statistics/refresh-candidates.ts'
import { type ReleaseQuestion, releaseKpis } from '../statistics/release-kpis.ts'
import { type ReleasesQuestion, releases } from '../statistics/releases.ts'
import { type RhythmQuestion, rhythm } from '../statistics/rhythm.ts'
import { type TrendingQuestion, trending } from '../statistics/trending.ts'
import { unattributed } from '../statistics/unattributed.ts'
import { unlistedArtists, unlistedOf } from '../statistics/unlisted-artists.ts'
import { WeeklyRankings } from '../statistics/weekly-rankings.ts'
import type { AskOptions, Snapshot } from '../storage/figures.ts'
import type { Instant, Interval, StorageReader } from '../storage/storage.ts'
import type { FiguresForWriter, WriterForFigures } from './write-worker.ts'

/** What the figures worker calls of its owner. */
export interface FiguresWorkerOwner {
  /** The figures contain more than before. */
  onCounted(): void
  /** Takes a line for the log. */
  announce(line: string): void
}

export interface FiguresWorkerOptions {
  location: StoreLocation
  settings: FiguresSettings
  defaultCurrency: string
  /** As in `StoreSettings`. */
  chartPlaysPerListener: number | null
  writer: WriterForFigures
  owner: FiguresWorkerOwner
}

const SLOW = { cost: 'slow' } as const

export class FiguresWorker {
  readonly #log: StorageReader
  readonly #live: LiveFigures
  readonly #copies: Copies
  readonly #liveCounts = new LiveCounts()
  readonly #search: LiveSearch
  readonly #models: LoadedModels
  readonly #defaultCurrency: string
  readonly #eligible: EligiblePlays
  readonly #weeklyRankings: WeeklyRankings
  readonly #ask: LiveFigures['ask']
  readonly #overview = new Overview()
  /** For what asks the catalogue next: it must not ask for what the catalogue has just said. */
  readonly #askAfterRecords: LiveFigures['ask']

  readonly forWriter: FiguresForWriter = {
    onAppended: lastSeq => this.#live.onAppended(lastSeq),
    onRecordsChanged: () => this.#live.onRecordsChanged(),
  }

  /** `log` is closed with it. */
  constructor(log: StorageReader, options: FiguresWorkerOptions) {
    const { location, settings, writer, owner } = options
    const live = new LiveFigures({
      open: () => openFigures(location, settings, log),
      beginAnew: () => beginAnew(location, settings, log),
      log,
      requiredSeq: () => writer.lastSeqOfAll(),
      keepSetAside: found => writer.keepSetAside(found),
      onCounted(seq) {
        writer.onCounted(seq)
        owner.onCounted()
        search.onCounted()
      },
      onUnavailable: () => writer.onFiguresUnavailable(),
      announce: line => owner.announce(line),
    })
    const search = new LiveSearch(join(folderOf(location), 'search.db'), live)
    this.#log = log
    this.#live = live
    this.#search = search
    this.#models = new LoadedModels(modelFile(recommendationsFolder(location)), line => owner.announce(line))
    this.#copies = new Copies(copiesFolder(location), live)
    this.#defaultCurrency = options.defaultCurrency
    this.#eligible = new EligiblePlays(options.chartPlaysPerListener)
    this.#weeklyRankings = new WeeklyRankings(options.chartPlaysPerListener)
    this.#ask = (question, options) => live.ask(question, options)
    this.#askAfterRecords = async (question, options) => {
      await live.takeInRecords()
      return live.ask(question, options)
    }
  }

  /** Opens the figures, and begins to follow the log. */
  async start(): Promise<void> {
    await this.#copies.removeAll()
    await this.#models.loadLast()
    await this.#live.start()
    this.#search.start()
  }

  /** Resolves when the figures contain all that was in the log at the start. */
  complete(): Promise<void> {
    return this.#live.complete
  }

  status() {
    return this.#live.status()
  }

  artistKpis(question: KpiQuestion, now: Instant, client: string, signal: AbortSignal) {
    const cost = question.interval ? 'slow' : 'quick'
    return this.#answer('kpis', question, { cost, client, signal }, reads =>
      artistKpis(reads, question, this.#kpiSettings(now)),
    )
  }

  releaseKpis(question: ReleaseQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('release', question, { client, signal }, reads =>
      releaseKpis(reads, question, this.#kpiSettings(now)),
    )
  }

  overview(question: SeriesQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('overview', question, { client, signal }, reads =>
      this.#overview.kpis(reads, question, this.#kpiSettings(now)),
    )
  }

  mostPlayed(question: MostPlayedQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('most played', question, { client, signal }, reads => mostPlayed(reads, question, now))
  }

  releases(question: ReleasesQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('releases', question, { client, signal }, reads => releases(reads, question, now))
  }

  audience(question: AudienceQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('audience', question, { client, signal }, reads => audience(reads, question, now))
  }

  rhythm(question: RhythmQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('rhythm', question, { client, signal }, reads => rhythm(reads, question, now))
  }

  milestones(question: MilestoneQuestion, client: string, signal: AbortSignal) {
    return this.#answer('milestones', question, { client, signal }, reads => milestones(reads, question))
  }

  artistPosition(question: PositionQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('position', question, { client, signal }, reads =>
      artistPosition(reads, question, { now, rankings: this.#weeklyRankings }),
    )
  }

  artistEvents(question: ArtistEventsQuestion, options: ArtistEventsOptions, client: string, signal: AbortSignal) {
    return this.#answer('events', question, { client, signal }, reads =>
      artistEvents({ reads, log: this.#log }, question, options),
    )
  }

  recommendationPerformance(question: PerformanceQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('performance', question, { client, signal }, reads =>
      recommendationPerformance(reads, question, now),
    )
  }

  liveHistory(artistId: string | undefined, now: Instant, client: string, signal: AbortSignal) {
    return this.#answer('live history', artistId, { client, signal }, reads => liveHistory(reads, artistId, now))
  }

  trending(question: TrendingQuestion, now: Instant, client: string) {
    return this.#ask(reads => trending(reads, question, { now, eligible: this.#eligible }), { ...SLOW, client })
  }

  unattributed(page: PageQuery, client: string, signal: AbortSignal) {
    return this.#answer('unattributed', page, { client, signal }, reads => unattributed(reads, page))
  }

  search(question: SearchQuestion) {
    return this.#search.search(question)
  }

  refreshCandidates(limit: number, fresh: Interval) {
    return this.#askAfterRecords(reads => refreshCandidates(reads, limit, fresh), SLOW)
  }

  artistOf(asked: string) {
    return this.#ask(reads => artistOf(reads, asked))
  }

  unlistedArtists(limit: number) {
    return this.#askAfterRecords(reads => unlistedArtists(reads, limit), SLOW)
  }

  unlistedOf(artistIds: readonly string[]) {
    return this.#askAfterRecords(reads => unlistedOf(reads, artistIds))
  }

  alertCounts(artistId: string, windowMs: number, now: Instant) {
    return this.#ask(reads => alertCounts(reads, artistId, windowMs, now))
  }

  breachingArtists(rule: AlertRule, now: Instant, except: readonly string[]) {
    return this.#ask(reads => breachingArtists(reads, rule, now, new Set(except)), SLOW)
  }

  listenerProfile(userId: string, client: string) {
    return this.#ask(reads => listenerProfile(reads, userId), { client })
  }

  listenerHad(userId: string, client: string) {
    return this.#ask(reads => listenerHad(reads, userId), { client })
  }

  /** null where there is no model of the kind. */
  async recommend(question: ListQuestion, client: string) {
    const model = this.#models.current?.of(question.kind)
    return model ? this.#ask(reads => recommendItems(reads, model, question), { client }) : null
  }

  /** Empty where there is no model of the kind. */
  async similar(question: SimilarQuestion, client: string) {
    const model = this.#models.current?.of(question.kind)
    return model ? this.#ask(reads => similarTo(reads, model, question), { client }) : []
  }

  albumPlays(albumIds: readonly string[], client: string) {
    return this.#ask(reads => albumPlays(reads, albumIds), { client })
  }

  hadItems(kind: ItemKind, userId: string, client: string) {
    return this.#ask(reads => hadItems(reads, kind, userId), { client })
  }

  popularItems(kind: ItemKind, limit: number) {
    return this.#ask(reads => popularItems(reads, kind, limit), SLOW)
  }

  popularArtists(now: Instant | null, limit: number) {
    return this.#ask(reads => popularArtists(reads, now, limit), SLOW)
  }

  liveCounts(artistIds: readonly string[], now: Instant) {
    return this.#ask(reads => this.#liveCounts.next(reads, artistIds, now))
  }

  forgetLiveCounts() {
    this.#liveCounts.forget()
  }

  /** Which models answers are made with; null where nothing is trained yet. */
  modelInfo() {
    return this.#models.current?.info ?? null
  }

  loadModels() {
    return this.#models.load()
  }

  /** The present event: what models are trained from is read up to it, and the days that are held out before. */
  async trainingExtent() {
    const { counted } = await this.#live.status()
    return { upTo: counted, heldOutFrom: await this.#ask(reads => heldOutDays(reads, counted), SLOW) }
  }

  /** Writes what models are trained from into a file. */
  async writeTrainingData(path: string, events: TrainingEvents, signal: AbortSignal) {
    const file = await ArrayFileWriter.create(path)
    try {
      const { folder } = await this.#copies.make()
      await readCopy(folder, copy => readTrainingData(copy, events, file), signal)
      await file.finish(null)
    } catch (error) {
      await file.discard()
      throw error
    }
  }

  copy() {
    return this.#copies.make()
  }

  /** Answers a client. Where it asks the same again while it waits, that is one question. */
  #answer<T>(name: string, question: unknown, asker: AskOptions, work: (reads: Snapshot) => Promise<T>): Promise<T> {
    return this.#ask(work, { ...SLOW, ...asker, key: `${name} ${JSON.stringify(question)}` })
  }

  #kpiSettings(now: Instant): KpiSettings {
    return { defaultCurrency: this.#defaultCurrency, now }
  }

  /** Counts what is left, and closes the figures. */
  async close(): Promise<void> {
    await this.#search.close()
    await this.#live.close()
    await this.#log.close()
  }
}
