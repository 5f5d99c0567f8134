/** The OpenAPI document and its pages, from the schemas of the routes. */
import { readFile } from 'node:fs/promises'
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { stringify } from 'yaml'
import { fixedRoute } from './fixed-answers.ts'

const INFO = {
  title: 'UnderSounds Stats',
  description: 'Statistics and charts for a music platform of independent artists.',
  version: '1.0.0',
}

const TAGS = [
  { name: 'Events', description: 'What listeners do.' },
  { name: 'Dead letters', description: 'What was refused, to be repaired and sent again.' },
  { name: 'Statistics', description: 'How artists are doing, and what is hot.' },
  { name: 'Recommendations', description: 'What to hear next.' },
  { name: 'Alerts', description: 'Telling artists when something happens.' },
  { name: 'Service', description: 'How the service is doing.' },
]

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http' as const,
    scheme: 'bearer',
    description:
      'An API key as a bearer token. Needed only where the service has keys. Ingest keys have the role `events`; admin ' +
      'keys have it too, and `admin` and `read`, which is needed only where `PUBLIC_READS` is off.',
  },
  apiKey: {
    type: 'apiKey' as const,
    in: 'header' as const,
    name: 'x-api-key',
    description: 'The same key, in a header of its own.',
  },
}

/** Gathers the schemas of the routes that are registered afterwards. */
export async function gatherSchemas(app: FastifyInstance): Promise<void> {
  const optionalBodies = new Set<string>()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: INFO,
      servers: [{ url: '/' }],
      tags: TAGS,
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    // A single word or value is that: what does not know `const` takes its type.
    convertConstToEnum: false,
    refResolver: { buildLocalReference: (schema, _base, _fragment, i) => String(schema.$id ?? `schema${i}`) },
    transform: ({ schema, url }) => {
      if (schema?.operationId && Type.IsOptional(schema.body)) optionalBodies.add(schema.operationId)
      return { schema, url }
    },
    transformObject: document => {
      if ('swaggerObject' in document) throw new Error('the document is not OpenAPI')
      const { openapiObject } = document
      for (const path of Object.values(openapiObject.paths ?? {})) {
        for (const operation of Object.values(path as Record<string, Operation>)) {
          sayWhatIsOptional(operation, optionalBodies)
        }
      }
      return openapiObject
    },
  })
}

interface Operation {
  operationId?: string
  requestBody?: { required?: boolean }
  parameters?: { required?: boolean; schema?: { default?: unknown } }[]
}

/** The plugin takes every body for required, and a parameter with a default too, which the server fills in. */
function sayWhatIsOptional(operation: Operation, optionalBodies: ReadonlySet<string>): void {
  const { operationId = '', requestBody, parameters = [] } = operation
  if (requestBody && optionalBodies.has(operationId)) requestBody.required = false
  for (const parameter of parameters) {
    if (parameter.schema?.default !== undefined) parameter.required = false
  }
}

/**
 * The OpenAPI document as YAML, the same to readers of YAML 1.1 and 1.2: what the older one would take for a boolean, a
 * date or a number (`off`, `2026-11-01`, `1:30`) is quoted. The app must be ready.
 */
export function openapiYaml(app: FastifyInstance): string {
  return stringify(app.swagger(), { version: '1.1', aliasDuplicateObjects: false, lineWidth: 120 })
}

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
  for (const path of ['/api/openapi.json', '/api/docs/json']) fixedRoute(app, path, asJson)
  fixedRoute(app, '/api/openapi.yaml', () => ({ type: 'application/yaml; charset=utf-8', body: openapiYaml(app) }))
  fixedRoute(app, '/api/docs', () => ({ type: 'text/html; charset=utf-8', body: PAGE }))
  fixedRoute(app, '/api/docs/static/start.js', () => ({ type: 'text/javascript; charset=utf-8', body: START }))
  for (const [name, type] of Object.entries(PAGE_FILES)) {
    const read = async () => ({ type, body: await readFile(new URL(name, PAGE_FOLDER)) })
    fixedRoute(app, `/api/docs/static/${name}`, read)
  }
  const options = { schema: { hide: true } }
  app.get('/api/docs/yaml', options, (_request, reply) => reply.redirect('/api/openapi.yaml'))
  app.get('/api-docs', options, (_request, reply) => reply.redirect('/api/docs'))
}
