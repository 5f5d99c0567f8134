/**
 * The figures thread: makes facts of the log, and answers all questions. DuckDB's own threads do the work of a question; on
 * this one, only what is folded and what is shown takes time.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Copies, copiesOf } from '../facts/copies.ts'
import { LiveFigures } from '../facts/live-figures.ts'
import { beginAnew, type FiguresSettings, openFigures } from '../opening/open-figures.ts'
import { openReader, type StoreLocation } from '../opening/open-storage.ts'
import type { PageQuery } from '../paging.ts'
import { albumPlays } from '../recommendations/album-plays.ts'
import { listenerHad, listenerProfile } from '../recommendations/listener-profile.ts'
import { popularArtists } from '../recommendations/popular-artists.ts'
import { type AlertRule, alertCounts, breachingArtists } from '../statistics/alert-windows.ts'
import { artistKpis, type KpiQuestion } from '../statistics/artist-kpis.ts'
import { lookUpCandidates } from '../statistics/look-up-candidates.ts'
import { artistOf } from '../statistics/named-artist.ts'
import { type TrendingQuestion, trending } from '../statistics/trending.ts'
import { unattributed } from '../statistics/unattributed.ts'
import { unlistedAmong, unlistedArtists } from '../statistics/unlisted-artists.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import type { ForFigures, ForWriter, OfFigures } from './links.ts'
import { connect, type Remote } from './remote.ts'

export interface FiguresThreadSettings {
  location: StoreLocation
  figures: FiguresSettings
  defaultCurrency: string
}

const { location, figures: settings, defaultCurrency } = workerData as FiguresThreadSettings
const log = openReader(location)
let owner: Remote<OfFigures> | undefined
let live: LiveFigures | undefined

const copies = new Copies(copiesOf(location), { copyTo: async folder => live!.copyTo(folder) })
await copies.removeAll()

const forWriter: ForWriter = {
  appended: lastSeq => live?.appended(lastSeq),
  recordsChanged: () => live?.recordsChanged(),
}

const ask: LiveFigures['ask'] = (question, options) => live!.ask(question, options)
/** For the look-ups: they must not ask the catalogue for what it has just said. */
const askAfterRecords: LiveFigures['ask'] = async (question, options) => {
  await live!.takeInRecords()
  return ask(question, options)
}
const SLOW = { cost: 'slow' } as const

const functions = {
  /** Connects the write thread, and begins. */
  async connectWriter(port: MessagePort): Promise<void> {
    const { remote: writer } = connect<ForFigures>(port, forWriter)
    live = await LiveFigures.open({
      open: () => openFigures(location, settings, log),
      beginAnew: () => beginAnew(location, settings, log),
      log,
      goal: writer.lastSeqOfAll,
      keepSetAside: writer.keepSetAside,
      onCounted(seq) {
        writer.counted(seq)
        owner?.counted()
      },
      onHeld: () => writer.held(),
      announce: line => owner?.announce(line),
    })
    await live.start()
  },
  /** Resolves when the figures contain all that was there at the start. */
  complete: () => live?.complete,
  status: () => live?.status(),
  artistKpis: (question: KpiQuestion, now: Instant, client: string, signal: AbortSignal) =>
    ask(reads => artistKpis(reads, question, { defaultCurrency, now }), {
      cost: question.interval ? 'slow' : 'quick',
      client,
      key: `kpis ${JSON.stringify(question)}`,
      signal,
    }),
  trending: (question: TrendingQuestion, now: Instant, client: string) =>
    ask(reads => trending(reads, question, now), { ...SLOW, client }),
  unattributed: (page: PageQuery, client: string, signal: AbortSignal) =>
    ask(reads => unattributed(reads, page), {
      cost: 'slow',
      client,
      key: `unattributed ${JSON.stringify(page)}`,
      signal,
    }),
  lookUpCandidates: (limit: number, fresh: Interval) =>
    askAfterRecords(reads => lookUpCandidates(reads, limit, fresh), SLOW),
  artistOf: (asked: string) => ask(reads => artistOf(reads, asked)),
  unlistedArtists: (limit: number) => askAfterRecords(reads => unlistedArtists(reads, limit), SLOW),
  unlistedAmong: (artistIds: readonly string[]) => askAfterRecords(reads => unlistedAmong(reads, artistIds)),
  alertCounts: (artistId: string, windowMs: number, now: Instant) =>
    ask(reads => alertCounts(reads, artistId, windowMs, now)),
  breachingArtists: (rule: AlertRule, now: Instant, except: readonly string[]) =>
    ask(reads => breachingArtists(reads, rule, now, new Set(except)), SLOW),
  listenerProfile: (userId: string, client: string) => ask(reads => listenerProfile(reads, userId), { client }),
  listenerHad: (userId: string, client: string) => ask(reads => listenerHad(reads, userId), { client }),
  albumPlays: (albumIds: readonly string[], client: string) => ask(reads => albumPlays(reads, albumIds), { client }),
  popularArtists: (now: Instant | null, limit: number) => ask(reads => popularArtists(reads, now, limit), SLOW),
  copy: () => copies.make(),
  /** Counts what is left, and closes the figures. */
  async close(): Promise<void> {
    await live?.close()
    await log.close()
  },
}

export type FiguresThread = typeof functions

if (parentPort) owner = connect<OfFigures>(parentPort, functions).remote
