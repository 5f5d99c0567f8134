/** A query thread: answers questions, one after the other, on a reading connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { TABLES } from '../projections/registry.ts'
import { artistKpis, type KpiQuestion } from '../queries/artist-kpis.ts'
import { type TrendingQuestion, trending } from '../queries/trending.ts'
import { unattributed } from '../queries/unattributed.ts'
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
  close: () => reader.close(),
}

export type QueryThread = typeof functions

if (parentPort) connect(parentPort, functions)
