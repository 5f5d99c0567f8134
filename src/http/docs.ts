/** The OpenAPI document and its pages, from the schemas of the routes. */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { stringify } from 'yaml'

/** Gathers the schemas of the routes that are registered afterwards. */
export async function gatherSchemas(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'UnderSounds Stats',
        description: 'Statistics and charts for a music platform of independent artists.',
        version: '1.0.0',
      },
      servers: [{ url: '/' }],
      tags: [
        { name: 'Events', description: 'What listeners do, and what was refused.' },
        { name: 'Statistics', description: 'How artists are doing, and what is hot.' },
        { name: 'Service', description: 'How the service is doing.' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'Needed only where keys are set.' },
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'x-api-key',
            description: 'The same key, in a header of its own.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (schema, _base, _fragment, i) => String(schema.$id ?? `schema${i}`) },
  })
}

/** The security of routes that need a key where keys are set. */
export const SECURED = [{}, { bearer: [] }, { apiKey: [] }]

/** The OpenAPI document as YAML. The app must be ready. */
export function openapiYaml(app: FastifyInstance): string {
  return stringify(app.swagger(), { aliasDuplicateObjects: false, lineWidth: 120 })
}

export async function docsRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, { routePrefix: '/api/docs', theme: { title: 'UnderSounds Stats API' } })
  const options = { schema: { hide: true } }
  app.get('/api/openapi.json', options, () => app.swagger())
  app.get('/api/openapi.yaml', options, (_request, reply) => {
    reply.type('application/yaml; charset=utf-8').send(openapiYaml(app))
  })
  app.get('/api-docs', options, (_request, reply) => reply.redirect('/api/docs'))
}
