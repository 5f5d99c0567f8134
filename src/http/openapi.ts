/** The OpenAPI document, made of the schemas of the routes. */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { stringify } from 'yaml'

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

const header = (type: 'integer' | 'string', description: string) => ({ description, schema: { type } })

/** The headers that hooks set in answers of every route; the answers in the document refer to them. */
const HEADERS = {
  'x-request-id': {
    ...header('string', 'Names the request, in the log too: as it was sent, where that is short and plain.'),
    required: true,
  },
  'ratelimit-limit': header('integer', 'How many requests are taken in a period; absent where nothing is limited.'),
  'ratelimit-remaining': header('integer', 'How many of them are left.'),
  'ratelimit-reset': header('integer', 'Seconds until the period ends.'),
  'www-authenticate': header('string', 'How to authenticate: `Bearer`, with an API key.'),
} as const

type Name = keyof typeof HEADERS

const LIMITED: readonly Name[] = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset']

/** Collects the schemas of the routes that are registered afterwards. */
export async function collectSchemas(app: FastifyInstance): Promise<void> {
  const optionalBodies = new Set<string>()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: INFO,
      servers: [{ url: '/' }],
      tags: TAGS,
      components: { securitySchemes: SECURITY_SCHEMES, headers: HEADERS },
    },
    // `const` stays: a reader that does not know it still has the type.
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
          markOptional(operation, optionalBodies)
          describeHeaders(operation.responses)
        }
      }
      return openapiObject
    },
  })
}

interface Operation {
  operationId?: string
  requestBody?: { required?: boolean }
  responses: Parameters<typeof describeHeaders>[0]
  parameters?: { required?: boolean; schema?: { default?: unknown } }[]
}

/** Corrects the plugin, which marks every body as required, and parameters with a default too. */
function markOptional(operation: Operation, optionalBodies: ReadonlySet<string>): void {
  const { operationId = '', requestBody, parameters = [] } = operation
  if (requestBody && optionalBodies.has(operationId)) requestBody.required = false
  for (const parameter of parameters) {
    if (parameter.schema?.default !== undefined) parameter.required = false
  }
}

/**
 * The OpenAPI document as YAML, which readers of YAML 1.1 and 1.2 read alike: texts that YAML 1.1 takes for a boolean, a
 * date or a number (`off`, `2026-11-01`, `1:30`) are quoted. The app must be ready.
 */
export function openapiYaml(app: FastifyInstance): string {
  return stringify(app.swagger(), { version: '1.1', aliasDuplicateObjects: false, lineWidth: 120 })
}

/** Adds to the answers of an operation the headers that they have. */
function describeHeaders(responses: Record<string, { headers?: object }>): void {
  const common: readonly Name[] = ['x-request-id', ...('429' in responses ? LIMITED : [])]
  for (const [status, answer] of Object.entries(responses)) {
    const names = status === '401' ? [...common, 'www-authenticate'] : common
    const references = names.map(name => [name, { $ref: `#/components/headers/${name}` }])
    answer.headers = { ...Object.fromEntries(references), ...answer.headers }
  }
}
