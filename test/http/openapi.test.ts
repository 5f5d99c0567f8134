import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { EVENT_TYPES } from '../../src/events/event.ts'
import { documentedApp } from '../../src/write-openapi.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: { default?: unknown }
}

interface Operation {
  operationId: string
  summary: string
  tags: string[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, unknown> }
  security?: object[]
  responses: Record<string, { description: string; content: Record<string, { schema: object }> }>
}

interface Document {
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { enum?: string[]; properties?: Record<string, object> }> }
}

const app = await documentedApp()
after(() => app.close())
const document = app.swagger() as unknown as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)
const operation = (id: string) => operations.find(({ operationId }) => operationId === id)!

test('each operation has its own name, which makes a good method, and no HEAD is described', () => {
  assert.deepEqual(operations.map(({ operationId }) => operationId).sort(), [
    'clearCache',
    'copyFigures',
    'deleteDeadLetters',
    'getAlbumKpis',
    'getAlertHistory',
    'getArtistAlbums',
    'getArtistAudience',
    'getArtistEvents',
    'getArtistKpis',
    'getArtistMilestones',
    'getArtistPosition',
    'getArtistReleases',
    'getArtistRhythm',
    'getArtistTracks',
    'getCacheInfo',
    'getCircuitBreaker',
    'getDeadLetterSummary',
    'getDeadLetters',
    'getDefinitions',
    'getHealth',
    'getLive',
    'getLiveHistory',
    'getLiveness',
    'getMetrics',
    'getOverview',
    'getReadiness',
    'getRecommendationModel',
    'getRecommendationPerformance',
    'getSimilarAlbums',
    'getTrackKpis',
    'getTrending',
    'getUnattributed',
    'getUserRecommendations',
    'postEvent',
    'postEvents',
    'replayDeadLetters',
    'requestAlert',
    'search',
  ])
  assert.ok(operations.every(({ method }) => ['get', 'post', 'delete'].includes(method)))
})

test('the tags of the operations are exactly those that are described', () => {
  const used = new Set(operations.flatMap(({ tags }) => tags))
  assert.deepEqual(document.tags.map(({ name }) => name).sort(), [...used].sort())
  assert.ok(document.tags.every(({ description }) => description))
})

test('no parameter with a default and no body that may be empty is required', () => {
  for (const { operationId, parameters = [] } of operations) {
    for (const parameter of parameters) {
      const required = parameter.in === 'path' || `${operationId} ${parameter.name}` === 'search q'
      assert.equal(parameter.required, required, `${operationId} ${parameter.name}`)
    }
  }
  const bodies = operations.filter(({ requestBody }) => requestBody)
  assert.deepEqual(Object.fromEntries(bodies.map(each => [each.operationId, each.requestBody?.required])), {
    postEvent: true,
    postEvents: true,
    requestAlert: true,
    clearCache: false,
    replayDeadLetters: false,
  })
})

test('an event is described once, with its type as one list of words', () => {
  const { Event, EventType } = document.components.schemas
  assert.deepEqual(EventType?.enum, EVENT_TYPES)
  assert.deepEqual(Event?.properties?.eventType, { $ref: '#/components/schemas/EventType' })
  const { content } = operation('postEvent').requestBody!
  assert.deepEqual(content, { 'application/json': { schema: { $ref: '#/components/schemas/Event' } } })
})

/** Of answers that are not JSON. */
const OTHER_TYPES: Record<string, string> = { getMetrics: 'text/plain', getLive: 'text/event-stream' }

test('every answer has a schema with a name, every error is a problem, and every operation describes 500', () => {
  for (const { operationId, parameters = [], responses } of operations) {
    for (const [status, { description, content }] of Object.entries(responses)) {
      const where = `${operationId} ${status}`
      assert.notEqual(description, 'Default Response', where)
      const isProblem = Number(status) >= 400 && where !== 'getHealth 503'
      const type = isProblem ? 'application/problem+json' : (OTHER_TYPES[operationId] ?? 'application/json')
      const isTable = !isProblem && parameters.some(({ name }) => name === 'format')
      assert.deepEqual(Object.keys(content), isTable ? [type, 'text/csv'] : [type], where)
      const [{ schema }] = Object.values(content) as [{ schema: { $ref?: string; type?: string; items?: object } }]
      if (operationId !== 'getMetrics' || isProblem) {
        assert.match(JSON.stringify(schema.type === 'array' ? schema.items : schema), /^{"\$ref":"[^"]+"}$/, where)
      }
    }
    assert.ok(responses[500], operationId)
  }
})

test('every reference has a schema, and every schema is referred to', () => {
  const referred = new Set(
    [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name),
  )
  assert.deepEqual([...referred].sort(), Object.keys(document.components.schemas).sort())
})

test('every list of words states its type', () => {
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('enum' in value && Array.isArray(value.enum)) assert.ok('type' in value, JSON.stringify(value))
    for (const inner of Object.values(value)) walk(inner)
  }
  walk(document)
})

test('every operation that may need a key describes its security and 401', () => {
  for (const { operationId, security, responses } of operations) {
    assert.equal(security !== undefined, responses[401] !== undefined, operationId)
  }
})
