/** Logs and measures requests; no line names a person, an address or a query. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Metrics } from './metrics.ts'
import type { ThrottledLog } from './throttled-log.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer goes on as long as the client stays: how long it takes says nothing. */
    isStream?: true
  }
}

/** A request that takes longer is logged at `info` although it succeeded. */
const SLOW_MS = 1000

const PLAIN_ID = /^[\w\-.:]{1,128}$/

/** The request id: the client's, where it is short and plain, else a new one. */
export function requestId(request: IncomingMessage): string {
  const sent = request.headers['x-request-id']
  return typeof sent === 'string' && PLAIN_ID.test(sent) ? sent : randomUUID()
}

/**
 * Measures and logs each request when its answer is out. Successful requests are logged at `debug`: at the rates that this
 * service is made for, a line for each would cost more than the request, and the metrics count them. Slow and refused
 * ones are logged at `info`, failed ones at `warn`, both throttled. `all`: whether the log level shows successful ones.
 */
export function watchRequests(app: FastifyInstance, metrics: Metrics, log: ThrottledLog, all: boolean): void {
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    const { statusCode: status, elapsedTime } = reply
    metrics.observeRequest(request.method, route, status, elapsedTime / 1000)
    const isSlow = elapsedTime > SLOW_MS && request.routeOptions.config.isStream !== true
    const notable = status >= 400 || isSlow
    if (notable || all) {
      const details = { reqId: request.id, method: request.method, ms: Math.round(elapsedTime) }
      if (notable) log.write(status >= 500 ? 'warn' : 'info', 'request', { route, status }, details)
      else app.log.debug({ ...details, route, status }, 'request')
    }
    done()
  })
}
