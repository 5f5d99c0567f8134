/** What a path answers to where it does not answer to the method: the router itself is asked, so that both agree. */
import type { FastifyInstance } from 'fastify'
import { ServiceError } from '../errors.ts'
import { sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The methods of the path, as the header `Allow` has them; on routes that only tell of it. */
    allow?: string
  }
}

/** Path → its methods. */
export type KnownRoutes = ReadonlyMap<string, ReadonlySet<string>>

/** Notes every route that is registered from now on. */
export function collectRoutes(app: FastifyInstance): KnownRoutes {
  const routes = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ method, url }) => {
    if (url === '*') return
    // The router ignores the slash at the end.
    const path = url.replace(/(?<=.)\/$/, '')
    const methods = routes.get(path) ?? new Set()
    routes.set(path, methods)
    for (const each of [method].flat()) methods.add(each)
  })
  return routes
}

/** Lets the paths of these routes answer `405` to methods that they do not have. To be called after all of them are registered. */
export function refuseOtherMethods(app: FastifyInstance, routes: KnownRoutes): void {
  for (const [url, methods] of [...routes]) {
    const allow = [...methods, 'OPTIONS'].sort().join(', ')
    const others = app.supportedMethods.filter(method => !methods.has(method) && method !== 'OPTIONS')
    const common = { url, schema: { hide: true }, exposeHeadRoute: false, config: { allow }, handler: () => {} }
    app.route({ ...common, method: 'OPTIONS' })
    app.route({
      ...common,
      method: others,
      // After the rate limit, and before the body is read.
      preParsing: (request, reply) => {
        reply.header('allow', allow)
        const path = request.url.replace(/\?.*$/s, '')
        const message = `${path} answers to ${allow}, not to ${request.method}`
        sendProblem(request, reply, new ServiceError(405, 'method_not_allowed', message))
      },
    })
  }
}

/**
 * Answers `OPTIONS` with the header `Allow`. To be called before CORS, which answers every such request: an unknown path
 * is `404` here, but where a page asks, its script should see what becomes of the request itself.
 */
export function tellMethods(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'OPTIONS') return done()
    const { allow } = request.routeOptions.config
    if (allow !== undefined) reply.header('allow', allow)
    else if (request.headers['access-control-request-method'] === undefined) return reply.callNotFound()
    done()
  })
}
