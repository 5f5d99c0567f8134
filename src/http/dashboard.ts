/** The dashboard: the page that `npm run build` makes, at all of its paths, and the files that it loads. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pageHeaders } from './page-headers.ts'
import { PAGE_PATHS } from './page-paths.ts'
import { type StaticHandler, staticHandler } from './static-route.ts'

/** Where `npm run build` puts the page. */
export const BUILT_DASHBOARD = join(import.meta.dirname, '../../build/dashboard')

const HTML = 'text/html; charset=utf-8'

/** The media types of the files, by the ends of their names. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The name of a file changes with what is in it. */
const FOR_EVER = 'public, max-age=31536000, immutable'

const NOT_BUILT = 'the dashboard is not built, and only the API is served: npm run build makes it, for the next start'

const NOT_BUILT_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>UnderSounds Stats</title>
</head>
<body>
<h1>UnderSounds Stats</h1>
<p>The dashboard is not built. Run <code>npm ci</code>, which builds it, or <code>npm run build</code>, and start the service again.</p>
<p>The API is here all the same: <a href="/api/docs">its documentation</a>, <a href="/healthz">its health</a>.</p>
</body>
</html>
`

/**
 * Serves the page that is in `folder`. It is read now and as a whole: a build that comes while the service runs does not
 * mix with it. Where there is none, the log says so once, and a `404` at the paths of the page.
 */
export async function dashboardRoutes(
  app: FastifyInstance,
  folder: string,
  coverOrigins: readonly string[],
): Promise<void> {
  await pageHeaders(app, coverOrigins)
  const built = await readBuilt(folder).catch((error: Error) => {
    app.log.warn({ why: error.message }, NOT_BUILT)
    return null
  })
  const hidden = { schema: { hide: true } }
  for (const path of Object.values(PAGE_PATHS)) app.get(path, hidden, built?.page ?? withoutPage)
  app.get<{ Params: { '*': string } }>('/assets/*', hidden, (request, reply) => {
    const file = built?.files.get(request.params['*'])
    return file ? file(request, reply) : reply.callNotFound()
  })
}

interface BuiltDashboard {
  page: StaticHandler
  /** By their names in `assets/`. */
  files: ReadonlyMap<string, StaticHandler>
}

/** @throws Error where there is no complete build, or none that can be read */
async function readBuilt(folder: string): Promise<BuiltDashboard> {
  const page = await readFile(join(folder, 'index.html'))
  const names = await readdir(join(folder, 'assets'))
  const files = names.map(async name => [name, await readAsset(join(folder, 'assets', name))] as const)
  return { page: staticHandler(() => ({ type: HTML, body: page })), files: new Map(await Promise.all(files)) }
}

async function readAsset(path: string): Promise<StaticHandler> {
  const body = await readFile(path)
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  return staticHandler(() => ({ type, body }), FOR_EVER)
}

async function withoutPage(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return reply.code(404).type(HTML).header('cache-control', 'no-store').send(NOT_BUILT_PAGE)
}
