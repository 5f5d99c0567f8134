/** Stops the service: what was received is answered and written, within a time that no client can extend. */
import type { FastifyInstance } from 'fastify'
import { endAtOnce, logLast } from './end-at-once.ts'
import type { AppServices } from './http/app-services.ts'
import { connections } from './http/connections.ts'

/** npm passes a signal on to its child, which has got it from the terminal already: a second one within this time is the same. */
const SAME_SIGNAL_MS = 2_000
const SWEEP_MS = 50
/** The share of the time to stop after which a connection is closed whose request has not come completely. */
const REQUEST_SHARE = 1 / 4
/** The share after which one is closed whose answer has not gone completely; the rest is for writing what was received. */
const ANSWER_SHARE = 3 / 4

/**
 * The first signal ends the service in good order: no new connections, an answer for what is in flight, everything
 * written, exit code 0. Of a `SHUTDOWN_TIMEOUT` of 30 s, a client has 7.5 s for the rest of its request and 22.5 s to
 * take its answer. A second signal, or the end of the time for all that, ends it at once with 1. To be called before the
 * app listens.
 */
export function stopOnSignals(app: FastifyInstance, services: AppServices): void {
  const { shutdownTimeoutMs } = services.config
  let begun: number | undefined
  const onSignal = (signal: string) => {
    if (begun !== undefined) {
      if (performance.now() - begun >= SAME_SIGNAL_MS) giveUp(services, `${signal} again: stopping at once`)
      return
    }
    begun = performance.now()
    app.log.info(`${signal}: finishing what is in flight`)
    const why = `not finished within ${shutdownTimeoutMs / 1000} s: stopping at once`
    setTimeout(() => giveUp(services, why), shutdownTimeoutMs)
    stop(app, services).catch(error => {
      logLast(services.config, 'stopping failed', error)
      endAtOnce()
    })
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

async function stop(app: FastifyInstance, services: AppServices): Promise<void> {
  const begun = performance.now()
  // Again and again: a connection whose last request was in flight becomes idle later, and would be kept alive. In
  // `setImmediate`, after the sockets have been read: a connection on which a request has just come is not idle.
  const sweep = setInterval(() => {
    setImmediate(() => drain(app, (performance.now() - begun) / services.config.shutdownTimeoutMs))
  }, SWEEP_MS)
  await app.close()
  await connections.closed()
  clearInterval(sweep)
  await services.close()
  app.log.info('stopped')
  process.exit(0)
}

/** `spent`: the share of the time to stop that has passed. */
function drain(app: FastifyInstance, spent: number): void {
  app.server.closeIdleConnections()
  connections.closeUnused()
  const cut =
    spent >= ANSWER_SHARE ? connections.closeAll() : spent >= REQUEST_SHARE ? connections.closeIncomplete() : 0
  if (cut > 0) app.log.warn({ connections: cut }, 'cut what clients did not finish')
}

function giveUp({ config }: AppServices, why: string): void {
  logLast(config, why)
  endAtOnce()
}
