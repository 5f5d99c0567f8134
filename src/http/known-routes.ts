/** Which methods a path answers to, so that a wrong method is told apart from a wrong path. */
import type { FastifyInstance } from 'fastify'

export interface KnownRoute {
  method: string
  pattern: RegExp
}

/** Notes every route that is registered from now on. */
export function collectRoutes(app: FastifyInstance): readonly KnownRoute[] {
  const routes: KnownRoute[] = []
  app.addHook('onRoute', ({ method, url }) => {
    if (url === '*') return
    const pattern = new RegExp(
      `^${url
        .replace(/[.+?^$()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace(/\*/g, '.*')}/?$`,
    )
    for (const each of [method].flat()) routes.push({ method: each, pattern })
  })
  return routes
}

/** The methods of a path, in alphabetical order; none for an unknown path. */
export function allowedMethods(routes: readonly KnownRoute[], path: string): string[] {
  return [...new Set(routes.filter(route => route.pattern.test(path)).map(route => route.method))].sort()
}
