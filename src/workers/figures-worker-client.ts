/** The figures worker as other threads call it. */
import type { PageQuery } from '../paging.ts'
import type { ItemKind } from '../recommendations/item-kind.ts'
import type { ListQuestion, SimilarQuestion } from '../recommendations/lists/recommend-items.ts'
import type { TrainingEvents } from '../recommendations/training/read-training-data.ts'
import type { SearchQuestion } from '../search/search.ts'
import type { AlertRule } from '../statistics/alert-windows.ts'
import type { ArtistEventsOptions, ArtistEventsQuestion } from '../statistics/artist-events.ts'
import type { KpiQuestion } from '../statistics/artist-kpis.ts'
import type { PositionQuestion } from '../statistics/artist-position.ts'
import type { AudienceQuestion } from '../statistics/audience.ts'
import type { SeriesQuestion } from '../statistics/kpis.ts'
import type { MilestoneQuestion } from '../statistics/milestones.ts'
import type { MostPlayedQuestion } from '../statistics/most-played.ts'
import type { PerformanceQuestion } from '../statistics/recommendation-performance.ts'
import type { ReleaseQuestion } from '../statistics/release-kpis.ts'
import type { ReleasesQuestion } from '../statistics/releases.ts'
import type { RhythmQuestion } from '../statistics/rhythm.ts'
import type { TrendingQuestion } from '../statistics/trending.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import type { Caller } from './calls.ts'
import type { FiguresWorker } from './figures-worker.ts'

export class FiguresWorkerClient {
  readonly #worker: Caller<FiguresWorker>

  constructor(worker: Caller<FiguresWorker>) {
    this.#worker = worker
  }

  start() {
    return this.#worker.call('start', [])
  }

  complete() {
    return this.#worker.call('complete', [])
  }

  status() {
    return this.#worker.call('status', [])
  }

  artistKpis(question: KpiQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('artistKpis', [question, now, client], signal)
  }

  releaseKpis(question: ReleaseQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('releaseKpis', [question, now, client], signal)
  }

  mostPlayed(question: MostPlayedQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('mostPlayed', [question, now, client], signal)
  }

  releases(question: ReleasesQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('releases', [question, now, client], signal)
  }

  overview(question: SeriesQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('overview', [question, now, client], signal)
  }

  milestones(question: MilestoneQuestion, client: string, signal: AbortSignal) {
    return this.#worker.call('milestones', [question, client], signal)
  }

  artistEvents(question: ArtistEventsQuestion, options: ArtistEventsOptions, client: string, signal: AbortSignal) {
    return this.#worker.call('artistEvents', [question, options, client], signal)
  }

  audience(question: AudienceQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('audience', [question, now, client], signal)
  }

  rhythm(question: RhythmQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('rhythm', [question, now, client], signal)
  }

  recommendationPerformance(question: PerformanceQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('recommendationPerformance', [question, now, client], signal)
  }

  trending(question: TrendingQuestion, now: Instant, client: string) {
    return this.#worker.call('trending', [question, now, client])
  }

  artistPosition(question: PositionQuestion, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('artistPosition', [question, now, client], signal)
  }

  unattributed(page: PageQuery, client: string, signal: AbortSignal) {
    return this.#worker.call('unattributed', [page, client], signal)
  }

  search(question: SearchQuestion) {
    return this.#worker.call('search', [question])
  }

  refreshCandidates(limit: number, fresh: Interval) {
    return this.#worker.call('refreshCandidates', [limit, fresh])
  }

  artistOf(asked: string) {
    return this.#worker.call('artistOf', [asked])
  }

  unlistedArtists(limit: number) {
    return this.#worker.call('unlistedArtists', [limit])
  }

  unlistedOf(artistIds: readonly string[]) {
    return this.#worker.call('unlistedOf', [artistIds])
  }

  alertCounts(artistId: string, windowMs: number, now: Instant) {
    return this.#worker.call('alertCounts', [artistId, windowMs, now])
  }

  breachingArtists(rule: AlertRule, now: Instant, except: readonly string[]) {
    return this.#worker.call('breachingArtists', [rule, now, except])
  }

  listenerProfile(userId: string, client: string) {
    return this.#worker.call('listenerProfile', [userId, client])
  }

  listenerHad(userId: string, client: string) {
    return this.#worker.call('listenerHad', [userId, client])
  }

  recommend(question: ListQuestion, client: string) {
    return this.#worker.call('recommend', [question, client])
  }

  similar(question: SimilarQuestion, client: string) {
    return this.#worker.call('similar', [question, client])
  }

  albumPlays(albumIds: readonly string[], client: string) {
    return this.#worker.call('albumPlays', [albumIds, client])
  }

  hadItems(kind: ItemKind, userId: string, client: string) {
    return this.#worker.call('hadItems', [kind, userId, client])
  }

  popularItems(kind: ItemKind, limit: number) {
    return this.#worker.call('popularItems', [kind, limit])
  }

  popularArtists(now: Instant | null, limit: number) {
    return this.#worker.call('popularArtists', [now, limit])
  }

  liveCounts(artistIds: readonly string[], now: Instant) {
    return this.#worker.call('liveCounts', [artistIds, now])
  }

  forgetLiveCounts() {
    return this.#worker.call('forgetLiveCounts', [])
  }

  liveHistory(artistId: string | undefined, now: Instant, client: string, signal: AbortSignal) {
    return this.#worker.call('liveHistory', [artistId, now, client], signal)
  }

  modelInfo() {
    return this.#worker.call('modelInfo', [])
  }

  loadModels() {
    return this.#worker.call('loadModels', [])
  }

  trainingExtent() {
    return this.#worker.call('trainingExtent', [])
  }

  writeTrainingData(path: string, events: TrainingEvents, signal: AbortSignal) {
    return this.#worker.call('writeTrainingData', [path, events], signal)
  }

  copy() {
    return this.#worker.call('copy', [])
  }

  close() {
    return this.#worker.call('close', [])
  }
}
