/** `GET /metrics`: what Prometheus reads. */
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { AppServices } from '../app-services.ts'
import type { ItemResult } from '../events/arrival.ts'

type Observer = { observe(seconds: number): void }

/** The measurements of one app. */
export class Metrics {
  readonly registry = new Registry()
  /** Plain numbers, for counting events must cost nothing; they become metrics when these are asked for. */
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
  readonly #gauges: Record<'up' | 'queued' | 'load' | 'lagEvents' | 'lagSeconds', Gauge>

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
    const { storage, projector, queue } = await this.#services.health()
    this.#gauges.up.set(storage.ok ? 1 : 0)
    this.#gauges.queued.set(queue.events)
    this.#gauges.load.set(queue.load)
    this.#gauges.lagEvents.set(projector.lagEvents)
    this.#gauges.lagSeconds.set(projector.lagMs / 1000)
    return this.registry.metrics()
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
    new Counter({
      name: 'stats_dead_letters_dropped_total',
      help: 'Dead letters that left because there were too many',
      registers: [this.registry],
      collect() {
        this.reset()
        this.inc(services.droppedLetters())
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
    }
  }
}

export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    const text = await metrics.text()
    return reply.type(metrics.registry.contentType).send(text)
  })
}
