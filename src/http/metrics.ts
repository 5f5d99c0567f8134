/** `GET /metrics`: what Prometheus reads. */
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { Type } from 'typebox'
import { shared } from '../concurrency/shared-work.ts'
import type { ItemResult } from '../ingestion/raw-event.ts'
import type { AppServices } from './app-services.ts'
import { problemResponses } from './problem.ts'

type Observer = { observe(seconds: number): void }

/** All measurements are gathered at most ten times a second, however many clients ask. */
const APART_MS = 100

const CIRCUIT_LEVELS = { Closed: 0, 'Half-Open': 0.5, Open: 1 }

const OUTBOX_HELP = {
  sent: 'E-mails that the mail server accepted',
  failed: 'E-mails given up',
  unknown: 'E-mails whose connection broke as they were handed over',
  retried: 'Attempts that failed for the time being',
}

/** The measurements of one app. */
export class Metrics {
  readonly registry = new Registry()
  /** Plain numbers, because counting events must cost nothing; they become metrics when a client asks for these. */
  readonly #events = { accepted: 0, duplicate: 0, conflict: 0, rejected: 0, unavailable: 0 }
  readonly #durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  })
  /** Route → method → status. Making a label set for each request would cost as much as a small request. */
  readonly #observers = new Map<string, Map<string, Map<number, Observer>>>()
  readonly #services: AppServices
  readonly #gauges: Record<'up' | 'queued' | 'load' | 'lagEvents' | 'lagSeconds' | 'letters', Gauge>

  constructor(services: AppServices) {
    collectDefaultMetrics({ register: this.registry })
    this.#services = services
    this.#gauges = this.#makeGauges()
    this.#countOnDemand()
  }

  /** Counts an event that got this status. */
  countEvent(status: ItemResult['status']): void {
    this.#events[status]++
  }

  observeRequest(method: string, route: string, status: number, seconds: number): void {
    const known = this.#observers.get(route)?.get(method)?.get(status)
    ;(known ?? this.#addObserver(method, route, status)).observe(seconds)
  }

  /** All measurements in the text format of Prometheus. */
  async text(): Promise<string> {
    await this.#countLetters()
    const { storage, projector, queue } = await this.#services.health()
    this.#gauges.up.set(storage.ok ? 1 : 0)
    this.#gauges.queued.set(queue.events)
    this.#gauges.load.set(queue.load)
    this.#gauges.lagEvents.set(projector.lagEvents)
    this.#gauges.lagSeconds.set(projector.lagMs / 1000)
    return this.registry.metrics()
  }

  /** Where the store does not answer, the gauge has no values. */
  async #countLetters(): Promise<void> {
    const summary = await this.#services.deadLetters.summary().catch(() => null)
    this.#gauges.letters.reset()
    for (const [reason, count] of Object.entries(summary?.byReason ?? {})) this.#gauges.letters.set({ reason }, count)
  }

  #addObserver(method: string, route: string, status: number): Observer {
    const ofRoute = this.#observers.get(route) ?? new Map<string, Map<number, Observer>>()
    const ofMethod = ofRoute.get(method) ?? new Map<number, Observer>()
    const observer = this.#durations.labels(method, route, String(status))
    this.#observers.set(route, ofRoute.set(method, ofMethod.set(status, observer)))
    return observer
  }

  #countOnDemand(): void {
    const events = this.#events
    const services = this.#services
    new Counter({
      name: 'stats_events_total',
      help: 'Events by what became of them',
      labelNames: ['status'],
      registers: [this.registry],
      collect() {
        this.reset()
        for (const [status, count] of Object.entries(events)) this.inc({ status }, count)
      },
    })
    this.#total('stats_dead_letters_dropped_total', 'Dead letters that left because there were too many', () =>
      services.droppedLetters(),
    )
    this.#countTrainings()
    this.#countNeighbours()
  }

  #countTrainings(): void {
    const services = this.#services
    const { registry } = this
    new Counter({
      name: 'stats_recommendation_trainings_total',
      help: 'Trainings of the models of recommendations by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
      collect() {
        this.reset()
        const { succeeded, failed } = services.trainings.counts
        this.inc({ outcome: 'succeeded' }, succeeded)
        this.inc({ outcome: 'failed' }, failed)
      },
    })
    const seconds = () => services.trainings.counts.lastMs / 1000
    this.#level('stats_recommendation_training_seconds', 'How long the last training took; 0 before the first', seconds)
    new Gauge({
      name: 'stats_recommendation_model_age_seconds',
      help: 'Since when the models are trained; no value where there are none',
      registers: [registry],
      async collect() {
        const { trainedAt } = await services.trainings.about()
        this.reset()
        if (trainedAt !== null) this.set((services.clock() - Date.parse(trainedAt)) / 1000)
      },
    })
  }

  /** Counts of the catalogue, the cache and the mail server. */
  #countNeighbours(): void {
    const { catalogue, cache, alerts } = this.#services
    if (catalogue) {
      const { counts } = catalogue
      this.#total('stats_catalogue_calls_total', 'Calls to the catalogue', () => counts.calls)
      this.#total('stats_catalogue_failures_total', 'Calls without a usable answer', () => counts.failures)
      this.#total('stats_catalogue_retries_total', 'Attempts after the first one of a call', () => counts.retries)
      this.#total('stats_catalogue_timeouts_total', 'Attempts that took too long', () => counts.timeouts)
      this.#total('stats_catalogue_refused_open_total', 'Calls refused by the open circuit', () => counts.rejectedOpen)
      this.#total('stats_catalogue_refused_paused_total', 'Calls refused in a pause', () => counts.rejectedPaused)
      const isOpen = () => CIRCUIT_LEVELS[catalogue.status().state]
      this.#level('stats_catalogue_circuit', 'Circuit breaker: 0 closed, 0.5 half-open, 1 open', isOpen)
    }
    this.#total('stats_cache_hits_total', 'Answers given from the cache', () => cache.info().hits)
    this.#total('stats_cache_misses_total', 'Answers that were computed or waited for', () => cache.info().misses)
    this.#level('stats_cache_entries', 'Answers in the cache', () => cache.info().current_size)
    this.#level('stats_outbox_pending', 'Alerts whose e-mail waits', () => alerts.state().pending)
    for (const outcome of ['sent', 'failed', 'unknown', 'retried'] as const) {
      this.#total(`stats_outbox_${outcome}_total`, OUTBOX_HELP[outcome], () => alerts.state()[outcome])
    }
  }

  #total(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset()
        this.inc(value())
      },
    })
  }

  #level(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value())
      },
    })
  }

  #makeGauges() {
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [this.registry] })
    return {
      up: gauge('stats_storage_up', '1 where the store answers'),
      queued: gauge('stats_queue_events', 'Events that wait for their commit'),
      load: gauge('stats_queue_load_ratio', 'How full the queue is; at 1, events are answered with 503'),
      lagEvents: gauge('stats_projector_lag_events', 'Events in the log that the projections do not contain yet'),
      lagSeconds: gauge('stats_projector_lag_seconds', 'Age of the oldest of them'),
      letters: new Gauge({
        name: 'stats_dead_letters',
        help: 'Dead letters by reason; unprojectable: events of the log that no figure contains',
        labelNames: ['reason'],
        registers: [this.registry],
      }),
    }
  }
}

export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  const text = shared(() => metrics.text(), APART_MS)
  const schema = {
    operationId: 'getMetrics',
    summary: 'What Prometheus reads',
    tags: ['Service'],
    produces: ['text/plain'],
    response: { 200: Type.String({ description: "Prometheus' text format." }), ...problemResponses() },
  }
  app.get('/metrics', { schema }, async (_request, reply) => {
    return reply.type(metrics.registry.contentType).send(await text())
  })
}
