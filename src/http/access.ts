/** Which route takes which keys: a table of all routes. A route that is missing in it stops the start. */
import type { FastifyInstance, RouteOptions } from 'fastify'
import type { Config } from '../settings/config.ts'
import { Keys, requireKey } from './auth.ts'
import { refuseForeignPages } from './cross-origin.ts'
import { PAGE_PATHS } from './page-paths.ts'
import { problemResponses } from './problem.ts'

/**
 * `open` routes never need a key. The others need one as soon as any key is set: `read` an admin key, and only where
 * `PUBLIC_READS` is off; `events` an ingest key or an admin key; `admin` an admin key, for what changes something or shows
 * personal data.
 */
type Access = 'open' | 'read' | 'events' | 'admin'

const ACCESS: Readonly<Record<string, Access>> = {
  'POST /api/stats/events': 'events',
  'POST /api/stats/events/batch': 'events',

  'GET /api/stats/artist/:artistId/kpis': 'read',
  'GET /api/stats/artist/:artistId/tracks': 'read',
  'GET /api/stats/artist/:artistId/albums': 'read',
  'GET /api/stats/artist/:artistId/releases': 'read',
  'GET /api/stats/artist/:artistId/milestones': 'read',
  'GET /api/stats/artist/:artistId/audience': 'read',
  'GET /api/stats/artist/:artistId/rhythm': 'read',
  'GET /api/stats/album/:albumId/kpis': 'read',
  'GET /api/stats/track/:trackKey/kpis': 'read',
  'GET /api/stats/overview': 'read',
  'GET /api/stats/live': 'read',
  'GET /api/stats/live/history': 'read',
  'GET /api/stats/artist/:artistId/position': 'read',
  'GET /api/stats/definitions': 'read',
  'GET /api/stats/trending': 'read',
  'GET /api/stats/unattributed': 'read',
  'GET /api/stats/search': 'read',
  'GET /api/recommendations/user/:userId': 'read',
  'GET /api/recommendations/similar': 'read',
  'GET /api/recommendations/model': 'read',
  'GET /api/stats/recommendations/performance': 'read',
  'GET /api/stats/cache/info': 'read',
  'GET /api/stats/cb/status': 'read',

  // It shows what single listeners did, though not who they are.
  'GET /api/stats/artist/:artistId/events': 'admin',
  'GET /api/stats/dead-letters': 'admin',
  'GET /api/stats/dead-letters/summary': 'admin',
  // It writes events that the sender may have made up in part, which is more than an ingest key allows.
  'POST /api/stats/dead-letters/replay': 'admin',
  'DELETE /api/stats/dead-letters': 'admin',
  'POST /api/stats/alerts': 'admin',
  'GET /api/stats/alerts/history': 'admin',
  'POST /api/stats/cache/clear': 'admin',
  'POST /api/stats/figures/copies': 'admin',

  // Monitoring has no key, and nothing here names a person.
  'GET /livez': 'open',
  'GET /readyz': 'open',
  'GET /healthz': 'open',
  'GET /metrics': 'open',
  // The dashboard is a program without data: it asks for them as every client does.
  ...openPages(),
  'GET /assets/*': 'open',
  'GET /api-docs': 'open',
  'GET /api/openapi.json': 'open',
  'GET /api/openapi.yaml': 'open',
  // Swagger UI, with all paths below.
  'GET /api/docs': 'open',
}

function openPages(): Record<string, Access> {
  return Object.fromEntries(Object.values(PAGE_PATHS).map(path => [`GET ${path}`, 'open']))
}

/** The keys of each kind; those that may write events are all of them. */
export function keysOf({ ingestApiKeys, adminApiKeys }: Config): { all: Keys; admin: Keys } {
  return { all: new Keys([...ingestApiKeys, ...adminApiKeys]), admin: new Keys(adminApiKeys) }
}

/**
 * Guards every route that is registered from now on: a route that changes something refuses foreign pages, then the key is
 * required that the table says. The API document describes both. Rate limits, which are added later, run before it.
 * @throws Error (when the route is registered) where the table lacks the route
 */
export function guardRoutes(app: FastifyInstance, config: Config, keys: { all: Keys; admin: Keys }): void {
  const refuseForeign = refuseForeignPages(config.corsOrigins)
  const needed = (access: Access): Keys | null => {
    if (keys.all.empty || access === 'open' || (access === 'read' && config.publicReads)) return null
    return access === 'events' ? keys.all : keys.admin
  }
  app.addHook('onRoute', route => {
    // The answers of `allowed-methods.ts`, which need no key.
    if (route.method === 'OPTIONS' || route.config?.allow !== undefined) return
    const access = accessOf(route)
    const isChange = [route.method].flat().some(method => method !== 'GET' && method !== 'HEAD')
    const hooks = [route.onRequest ?? []].flat()
    if (isChange) hooks.push(refuseForeign)
    const accepted = needed(access)
    if (accepted) hooks.push(requireKey(accepted))
    if (hooks.length > 0) route.onRequest = hooks
    describe(route, access, isChange)
  })
}

function accessOf({ method, url }: RouteOptions): Access {
  const path = url.startsWith('/api/docs/') ? '/api/docs' : url
  // `HEAD` is open to whom `GET` is.
  const methods = new Set([method].flat().map(each => (each === 'HEAD' ? 'GET' : each)))
  const [access, ...others] = new Set([...methods].map(each => ACCESS[`${each} ${path}`]))
  if (access !== undefined && others.length === 0) return access
  throw new Error(`src/http/access.ts does not say who may use ${[...methods]} ${url}`)
}

/** Adds to the route's schema, for the API document, which role a key needs and how others are refused. */
function describe(route: RouteOptions, access: Access, isChange: boolean): void {
  const { schema } = route
  if (!schema || schema.hide) return
  const isSecured = access !== 'open'
  const refusals = problemResponses(...(isSecured ? [401] : []), ...(isChange ? [403] : []))
  const security = [{}, { bearer: [access] }, { apiKey: [access] }]
  route.schema = {
    ...schema,
    ...(isSecured && { security }),
    response: { ...refusals, ...(schema.response as object) },
  }
}
