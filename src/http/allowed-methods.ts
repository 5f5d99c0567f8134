/** Answers where a path exists and the method or a parameter in the path is wrong. The router itself is asked, so that both agree. */
import type { FastifyInstance } from 'fastify'
import { invalidInput, ServiceError } from '../errors.ts'
import { sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The methods of the path, as in the header `Allow`; only on the routes that are made here. */
    allow?: string
  }
}

/** Path → its methods. */
export type KnownRoutes = ReadonlyMap<string, ReadonlySet<string>>

/** Notes every route that is registered from now on. */
export function collectRoutes(app: FastifyInstance): KnownRoutes {
  const routes = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ method, url }) => {
    // The router ignores the slash at the end.
    const path = url.replace(/(?<=.)\/$/, '')
    const methods = routes.get(path) ?? new Set()
    routes.set(path, methods)
    for (const each of [method].flat()) methods.add(each)
  })
  return routes
}

const allowOf = (methods: ReadonlySet<string>): string => [...methods, 'OPTIONS'].sort().join(', ')

/**
 * Lets a path of the API answer `400` where its parameter is empty, as in `/api/stats/artist//kpis`: the router, which takes
 * two slashes for one, would find nothing there. To be called after all routes are registered, and before `refuseOtherMethods`.
 */
export function refuseEmptyParameters(app: FastifyInstance, routes: KnownRoutes): void {
  for (const [url, methods] of [...routes]) {
    const [segment, name] = /\/:(\w+)/.exec(url) ?? []
    if (segment === undefined || name === undefined || !url.startsWith('/api/')) continue
    app.route({
      url: url.replace(segment, ''),
      method: [...methods],
      schema: { hide: true },
      exposeHeadRoute: false,
      // `access.ts` asks routes that have it for no key: this answer says nothing that needs one.
      config: { allow: allowOf(methods) },
      handler: () => {},
      // Before the body is read.
      preParsing: (_request, _reply, _payload, done) => {
        done(invalidInput([{ path: name, code: 'required', message: 'must be in the path, and is empty' }]))
      },
    })
  }
}

/** Lets the paths of these routes answer `405` to methods that they do not have. To be called after all routes are registered. */
export function refuseOtherMethods(app: FastifyInstance, routes: KnownRoutes): void {
  for (const [url, methods] of [...routes]) {
    const allow = allowOf(methods)
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
