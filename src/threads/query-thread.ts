/** A query thread: answers questions, one after the other, on a reading connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CatalogueArtist, parseAnswer, readArtists } from '../content/answers.ts'
import { TABLES } from '../projections/registry.ts'
import { type AlertRule, alertCounts, breachingArtists } from '../queries/alert-windows.ts'
import { artistKpis, type KpiQuestion } from '../queries/artist-kpis.ts'
import { lookUpCandidates } from '../queries/look-up-candidates.ts'
import { artistOf } from '../queries/named-artist.ts'
import { type TrendingQuestion, trending } from '../queries/trending.ts'
import { unattributed } from '../queries/unattributed.ts'
import { unlistedAmong, unlistedArtists } from '../queries/unlisted-artists.ts'
import { albumPlays } from '../recommendations/album-plays.ts'
import { listenerHad, listenerProfile } from '../recommendations/listener-profile.ts'
import { popularArtists } from '../recommendations/popular-artists.ts'
import { openReader, type StoreLocation } from '../storage/open-storage.ts'
import type { Instant } from '../storage/storage.ts'
import { connect } from './remote.ts'

const { defaultCurrency, ...location } = workerData as StoreLocation & { defaultCurrency: string }
const reader = openReader(location, TABLES)

const functions = {
  artistKpis: (question: KpiQuestion, now: Instant) =>
    reader.snapshot(reads => artistKpis(reads, question, { defaultCurrency, now })),
  trending: (question: TrendingQuestion, now: Instant) => reader.snapshot(reads => trending(reads, question, now)),
  unattributed: (page: { limit: number; cursor?: string }) => reader.snapshot(reads => unattributed(reads, page)),
  lookUpCandidates: (limit: number, staleBefore: Instant) =>
    reader.snapshot(reads => lookUpCandidates(reads, limit, staleBefore)),
  artistOf: (asked: string) => reader.snapshot(reads => artistOf(reads, asked)),
  unlistedArtists: (limit: number) => reader.snapshot(reads => unlistedArtists(reads, limit)),
  unlistedAmong: (artistIds: readonly string[]) => reader.snapshot(reads => unlistedAmong(reads, artistIds)),
  alertCounts: (artistId: string, windowMs: number, now: Instant) =>
    reader.snapshot(reads => alertCounts(reads, artistId, windowMs, now)),
  breachingArtists: (rule: AlertRule, now: Instant, except: readonly string[]) =>
    reader.snapshot(reads => breachingArtists(reads, rule, now, new Set(except))),
  listenerProfile: (userId: string) => reader.snapshot(reads => listenerProfile(reads, userId)),
  listenerHad: (userId: string) => reader.snapshot(reads => listenerHad(reads, userId)),
  albumPlays: (albumIds: readonly string[]) => reader.snapshot(reads => albumPlays(reads, albumIds)),
  popularArtists: (now: Instant | null, limit: number) => reader.snapshot(reads => popularArtists(reads, now, limit)),
  /** Reads the catalogue's list of artists, which may be large; undefined where it is none. */
  readArtists: (body: Uint8Array): CatalogueArtist[] | undefined => readArtists(parseAnswer(body)),
  close: () => reader.close(),
}

export type QueryThread = typeof functions

if (parentPort) connect(parentPort, functions)
