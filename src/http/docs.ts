/** The pages of the API document: Swagger UI, and the document itself as JSON and YAML. */
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { openapiYaml } from './openapi.ts'
import { staticRoute } from './static-route.ts'

/** The files of Swagger UI that its page uses, and their media types. */
const PAGE_FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'index.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'favicon-16x16.png': 'image/png',
  'favicon-32x32.png': 'image/png',
}
/** The package's own plugin would read and compress them for each request. */
const PAGE_FOLDER = new URL('./static/', import.meta.resolve('@fastify/swagger-ui'))

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>UnderSounds Stats API</title>
<link rel="stylesheet" href="/api/docs/static/swagger-ui.css">
<link rel="stylesheet" href="/api/docs/static/index.css">
<link rel="icon" type="image/png" href="/api/docs/static/favicon-32x32.png" sizes="32x32">
<link rel="icon" type="image/png" href="/api/docs/static/favicon-16x16.png" sizes="16x16">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api/docs/static/swagger-ui-bundle.js"></script>
<script src="/api/docs/static/swagger-ui-standalone-preset.js"></script>
<script src="/api/docs/static/start.js"></script>
</body>
</html>
`

/** A file of its own, for the content security policy allows no script inside the page. */
const START = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  validatorUrl: null,
})
`

export function docsRoutes(app: FastifyInstance): void {
  const asJson = () => ({ type: 'application/json; charset=utf-8', body: JSON.stringify(app.swagger()) })
  for (const path of ['/api/openapi.json', '/api/docs/json']) staticRoute(app, path, asJson)
  staticRoute(app, '/api/openapi.yaml', () => ({ type: 'application/yaml; charset=utf-8', body: openapiYaml(app) }))
  staticRoute(app, '/api/docs', () => ({ type: 'text/html; charset=utf-8', body: PAGE }))
  staticRoute(app, '/api/docs/static/start.js', () => ({ type: 'text/javascript; charset=utf-8', body: START }))
  for (const [name, type] of Object.entries(PAGE_FILES)) {
    const read = async () => ({ type, body: await readFile(new URL(name, PAGE_FOLDER)) })
    staticRoute(app, `/api/docs/static/${name}`, read)
  }
  const options = { schema: { hide: true } }
  app.get('/api/docs/yaml', options, (_request, reply) => reply.redirect('/api/openapi.yaml'))
  app.get('/api-docs', options, (_request, reply) => reply.redirect('/api/docs'))
}
