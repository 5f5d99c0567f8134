/** What the HTTP side needs of the service: all that it knows of the rest. */
import type { Alerts } from '../alerts/alerts.ts'
import type { AnswerCaches } from '../caching/answer-caches.ts'
import type { CatalogueClient } from '../catalogue/catalogue-client.ts'
import type { Definitions } from '../definitions/definition.ts'
import type { Answered, ItemQuestion, SimilarItem, UserQuestion } from '../enrichment/recommender.ts'
import type { Health } from '../health.ts'
import type { DeadLetters } from '../ingestion/dead-letters.ts'
import type { Ingestion } from '../ingestion/ingestion.ts'
import type { LoggedAs } from '../ingestion/replay.ts'
import type { LiveFeed } from '../live/live-feed.ts'
import type { PageQuery } from '../paging.ts'
import type { GenreQuestion } from '../recommendations/similar-by-genre.ts'
import type { Trainings } from '../recommendations/training/trainings.ts'
import type { SearchAnswer, SearchQuestion } from '../search/search.ts'
import type { Config } from '../settings/config.ts'
import type { ArtistEventsPage, ArtistEventsQuestion } from '../statistics/artist-events.ts'
import type { ArtistKpis, KpiQuestion } from '../statistics/artist-kpis.ts'
import type { ArtistPosition, PositionQuestion } from '../statistics/artist-position.ts'
import type { Audience, AudienceQuestion } from '../statistics/audience.ts'
import type { Kpis, SeriesQuestion } from '../statistics/kpis.ts'
import type { LiveMinute } from '../statistics/live-history.ts'
import type { MilestoneQuestion, Milestones } from '../statistics/milestones.ts'
import type { MostPlayed, MostPlayedQuestion } from '../statistics/most-played.ts'
import type { PerformanceQuestion, RecommendationPerformance } from '../statistics/recommendation-performance.ts'
import type { ReleaseKpis, ReleaseQuestion } from '../statistics/release-kpis.ts'
import type { Releases, ReleasesQuestion } from '../statistics/releases.ts'
import type { Rhythm, RhythmQuestion } from '../statistics/rhythm.ts'
import type { TrendingQuestion } from '../statistics/trending.ts'
import type { TrendingRow } from '../statistics/trending-rows.ts'
import type { UnattributedPage } from '../statistics/unattributed.ts'
import type { Asker } from '../storage/figures.ts'

export interface AppServices {
  config: Config
  clock: () => number
  ingestion: Ingestion
  deadLetters: DeadLetters
  /** As `ReplayLog.loggedAs`. */
  loggedAs(id: string): Promise<LoggedAs>
  /** How many dead letters have left since the start because there were more than `DEAD_LETTER_MAX`. */
  droppedLetters(): number
  definitions: Definitions
  questions: {
    artistKpis(question: KpiQuestion, asker: Asker): Promise<ArtistKpis>
    releaseKpis(question: ReleaseQuestion, asker: Asker): Promise<ReleaseKpis>
    mostPlayed(question: MostPlayedQuestion, asker: Asker): Promise<MostPlayed>
    releases(question: ReleasesQuestion, asker: Asker): Promise<Releases>
    overview(question: SeriesQuestion, asker: Asker): Promise<Kpis>
    milestones(question: MilestoneQuestion, asker: Asker): Promise<Milestones>
    artistEvents(question: ArtistEventsQuestion, asker: Asker): Promise<ArtistEventsPage>
    audience(question: AudienceQuestion, asker: Asker): Promise<Audience>
    rhythm(question: RhythmQuestion, asker: Asker): Promise<Rhythm>
    recommendationPerformance(question: PerformanceQuestion, asker: Asker): Promise<RecommendationPerformance>
    liveHistory(artistId: string | undefined, asker: Asker): Promise<LiveMinute[]>
    trending(question: TrendingQuestion, client: string): Promise<TrendingRow[]>
    artistPosition(question: PositionQuestion, asker: Asker): Promise<ArtistPosition>
    unattributed(page: PageQuery, asker: Asker): Promise<UnattributedPage>
    /** The catalogue's names and covers within the enrichment budget. */
    search(question: SearchQuestion): Promise<SearchAnswer>
  }
  live: Pick<LiveFeed, 'watch'>
  recommendations: {
    forUser(question: UserQuestion, client: string): Promise<Answered[]>
    /** @throws CatalogueUnavailable where the catalogue fails and nothing is known */
    ofGenre(question: GenreQuestion, client: string): Promise<SimilarItem[]>
    similarTo(question: ItemQuestion, client: string): Promise<SimilarItem[]>
  }
  trainings: Pick<Trainings, 'about' | 'counts'>
  alerts: Pick<Alerts, 'request' | 'history' | 'state'>
  cache: Pick<AnswerCaches, 'info' | 'clear'>
  /** null where `CONTENT_SERVICE_URL` is not set. */
  catalogue: Pick<CatalogueClient, 'status' | 'counts'> | null
  figures: {
    /** Copies the figures into a folder of their own, from which another process can read them for an hour. */
    copy(): Promise<{ folder: string; checkpoint: number }>
  }
  health(): Promise<Health>
  /** Writes what was received and closes the store. */
  close(): Promise<void>
}
