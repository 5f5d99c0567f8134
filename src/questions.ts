/** The questions that clients ask of the figures: for an artist, now, and with what the catalogue says of the rows. */
import type { AnswerCaches } from './caching/answer-caches.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { enrichedTrending } from './enrichment/enriched-trending.ts'
import { enrichAll } from './enrichment/enrichment.ts'
import type { AppServices } from './http/app-services.ts'
import type { ArtistEventsPage } from './statistics/artist-events.ts'
import type { Described, Keyed } from './statistics/describe.ts'
import type { SharedSecret } from './storage/shared-secret.ts'
import type { Instant } from './storage/storage.ts'
import type { FiguresWorkerClient } from './workers/figures-worker-client.ts'

interface QuestionParts {
  figures: FiguresWorkerClient
  caches: AnswerCaches
  /** null: rows stay as the figures have them. */
  catalogue: Catalogue | null
  /** How long a client waits for the catalogue, in milliseconds. */
  enrichBudgetMs: number
  /** The catalogue's list of artists may be due for this one. */
  onArtistRequested: (artistId: string) => void
  pseudonymSecret: SharedSecret
  clock: () => Instant
}

export function createQuestions(parts: QuestionParts): AppServices['questions'] {
  const { figures, caches, catalogue, enrichBudgetMs, pseudonymSecret, clock } = parts
  const requested = <Question extends { artistId: string }>(question: Question): Question => {
    parts.onArtistRequested(question.artistId)
    return question
  }
  const enriched = <Row extends Keyed & Described>(rows: readonly Row[]) => enrichAll(rows, catalogue, enrichBudgetMs)
  const withItems = async <List extends { items: (Keyed & Described)[] }>(list: List): Promise<List> => ({
    ...list,
    items: await enriched(list.items),
  })
  const withReleases = async ({ items, ...page }: ArtistEventsPage): Promise<ArtistEventsPage> => {
    const releases = (await enriched(items.map(({ release }) => release).filter(release => release !== null))).values()
    return { ...page, items: items.map(item => (item.release ? { ...item, release: releases.next().value! } : item)) }
  }
  return {
    artistKpis: (question, { client, signal }) => figures.artistKpis(requested(question), clock(), client, signal),
    releaseKpis: async (question, { client, signal }) => {
      const found = await figures.releaseKpis(question, clock(), client, signal)
      return found.isKnown ? { ...found, entity: (await enriched([found.entity]))[0]! } : found
    },
    overview: (question, { client, signal }) => figures.overview(question, clock(), client, signal),
    mostPlayed: async (question, { client, signal }) =>
      withItems(await figures.mostPlayed(requested(question), clock(), client, signal)),
    releases: async (question, { client, signal }) =>
      withItems(await figures.releases(requested(question), clock(), client, signal)),
    audience: (question, { client, signal }) => figures.audience(requested(question), clock(), client, signal),
    rhythm: (question, { client, signal }) => figures.rhythm(requested(question), clock(), client, signal),
    milestones: (question, { client, signal }) => figures.milestones(requested(question), client, signal),
    artistPosition: (question, { client, signal }) =>
      figures.artistPosition(requested(question), clock(), client, signal),
    artistEvents: async (question, { client, signal }) => {
      const options = { secret: await pseudonymSecret.read(), now: clock() }
      return withReleases(await figures.artistEvents(requested(question), options, client, signal))
    },
    recommendationPerformance: (question, { client, signal }) =>
      figures.recommendationPerformance(question, clock(), client, signal),
    liveHistory: (artistId, { client, signal }) => figures.liveHistory(artistId, clock(), client, signal),
    trending: (question, client) =>
      enrichedTrending({ caches, figures, clock, catalogue, enrichBudgetMs }, question, client),
    unattributed: (page, { client, signal }) => figures.unattributed(page, client, signal),
    search: async question => withItems(await figures.search(question)),
  }
}
