/** The health of the service: whether its store works, how far the figures are, and how full the queue is. */
import pTimeout from 'p-timeout'
import { shared } from './concurrency/shared-work.ts'
import type { IngestionQueue } from './ingestion/ingestion-queue.ts'
import type { Integrity, IntegrityState } from './opening/integrity.ts'
import type { ServiceThreads } from './workers/workers.ts'

/** A thread that does not answer within this time is reported as failing. */
const ANSWER_LIMIT_MS = 1_000
/** However many probes there are, the threads are asked ten times a second at most. */
const MIN_INTERVAL_MS = 100

export interface Health {
  /** Not ok where it can't be written, or is damaged. */
  storage: { ok: boolean; engine: 'sqlite' | 'mongodb'; latencyMs: number }
  integrity: IntegrityState
  projector: { lagEvents: number; lagMs: number }
  /** What waits for its commit, and how full the queue is, from 0 to 1. */
  queue: { events: number; load: number }
  /** How much of the log the figures contain, in whole per cent. */
  countedPercent: number
  ready: boolean
  state: 'starting' | 'ready' | 'draining'
}

interface HealthParts {
  threads: Pick<ServiceThreads, 'writer' | 'figures'>
  queue: Pick<IngestionQueue, 'events' | 'load'>
  integrity: Pick<Integrity, 'state'>
  engine: Health['storage']['engine']
}

export class ServiceHealth {
  /** True from the moment in which the service begins to stop. */
  isDraining = false
  /** The health of this moment. Questions at the same time share one answer. */
  readonly now: () => Promise<Health>
  readonly #parts: HealthParts
  #lastLag = { events: 0, ms: 0 }

  constructor(parts: HealthParts) {
    this.#parts = parts
    this.now = shared(() => this.#measure(), MIN_INTERVAL_MS)
  }

  async #measure(): Promise<Health> {
    const { threads, queue, integrity, engine } = this.#parts
    const begun = performance.now()
    const [writer, figures] = await Promise.all([
      withinLimit(threads.writer.status()),
      withinLimit(threads.figures.status()),
    ])
    const ok = writer !== undefined && writer.fault === undefined && integrity.state.state !== 'error'
    const state = this.isDraining ? 'draining' : figures?.isComplete ? 'ready' : 'starting'
    const lag = this.#lagOf(writer?.lag)
    return {
      storage: { ok, engine, latencyMs: performance.now() - begun },
      integrity: integrity.state,
      projector: { lagEvents: lag.events, lagMs: lag.ms },
      countedPercent: figures && figures.all > 0 ? Math.floor((figures.counted / figures.all) * 100) : 0,
      queue: { events: queue.events, load: queue.load },
      ready: ok && state === 'ready',
      state,
    }
  }

  /** The lag that the write thread reports; without an answer it is at least the last one, and at least what waits. */
  #lagOf(reported: { events: number; ms: number } | undefined): { events: number; ms: number } {
    this.#lastLag = reported ?? {
      events: Math.max(this.#lastLag.events, this.#parts.queue.events),
      ms: Math.max(this.#lastLag.ms, ANSWER_LIMIT_MS),
    }
    return this.#lastLag
  }
}

/** The answer; undefined where it takes longer than `ANSWER_LIMIT_MS`. */
function withinLimit<T>(answer: Promise<T>): Promise<T | undefined> {
  return pTimeout(answer, { milliseconds: ANSWER_LIMIT_MS, fallback: () => undefined })
}
