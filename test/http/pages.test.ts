import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { parse } from 'yaml'
import { openapiYaml } from '../../src/http/openapi.ts'
import { documentedApp } from '../../src/write-openapi.ts'
import { json, PLAY, postEvent, problem } from '../support/http.ts'
import { serve, sharedApp, startApp } from '../support/start-app.ts'
import { ON_MONGODB } from '../support/store-in-use.ts'

interface Health {
  status: string
  service: string
  timestamp: string
  checks: Record<string, Record<string, unknown>>
}

test('Swagger UI loads under its content security policy, /api-docs leads to it', async () => {
  const { url } = await sharedApp()
  const redirect = await fetch(`${url}/api-docs`, { redirect: 'manual' })
  assert.deepEqual([redirect.status, redirect.headers.get('location')], [302, '/api/docs'])
  const response = await fetch(`${url}/api/docs`)
  const page = await response.text()
  const policy = response.headers.get('content-security-policy') ?? ''
  assert.match(policy, /script-src 'self'/)
  assert.doesNotMatch(policy, /upgrade-insecure-requests/)
  for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    assert.equal(await statusOf(`${url}${path}`), 200, path ?? '')
  }
  assert.equal(await statusOf(`${url}/api/docs/json`), 200)
})

/** Reads the body too: otherwise the connection stays open, and the server cannot close. */
async function statusOf(url: string): Promise<number> {
  const response = await fetch(url)
  await response.arrayBuffer()
  return response.status
}

test('the OpenAPI document, as JSON and YAML, describes every route', async () => {
  const { url } = await sharedApp()
  const document = await json<{ openapi: string; paths: Record<string, object> }>(
    await fetch(`${url}/api/openapi.json`),
  )
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/api/recommendations/model',
    '/api/recommendations/similar',
    '/api/recommendations/user/{userId}',
    '/api/stats/album/{albumId}/kpis',
    '/api/stats/alerts',
    '/api/stats/alerts/history',
    '/api/stats/artist/{artistId}/albums',
    '/api/stats/artist/{artistId}/audience',
    '/api/stats/artist/{artistId}/events',
    '/api/stats/artist/{artistId}/kpis',
    '/api/stats/artist/{artistId}/milestones',
    '/api/stats/artist/{artistId}/position',
    '/api/stats/artist/{artistId}/releases',
    '/api/stats/artist/{artistId}/rhythm',
    '/api/stats/artist/{artistId}/tracks',
    '/api/stats/cache/clear',
    '/api/stats/cache/info',
    '/api/stats/cb/status',
    '/api/stats/dead-letters',
    '/api/stats/dead-letters/replay',
    '/api/stats/dead-letters/summary',
    '/api/stats/definitions',
    '/api/stats/events',
    '/api/stats/events/batch',
    '/api/stats/figures/copies',
    '/api/stats/live',
    '/api/stats/live/history',
    '/api/stats/overview',
    '/api/stats/recommendations/performance',
    '/api/stats/search',
    '/api/stats/track/{trackKey}/kpis',
    '/api/stats/trending',
    '/api/stats/unattributed',
    '/healthz',
    '/livez',
    '/metrics',
    '/readyz',
  ])
  for (const path of ['/api/openapi.yaml', '/api/docs/yaml']) {
    const response = await fetch(url + path)
    assert.match(response.headers.get('content-type') ?? '', /yaml/)
    const yaml = await response.text()
    for (const version of ['1.1', '1.2'] as const) assert.deepEqual(parse(yaml, { version }), document, version)
  }
})

test('docs/Estadisticas.yaml is the document that npm run openapi writes', async () => {
  const app = await documentedApp()
  const written = await readFile(new URL('../../docs/Estadisticas.yaml', import.meta.url), 'utf8')
  assert.equal(written, openapiYaml(app))
  await app.close()
})

test('health shows the store, the projector and the memory', async () => {
  const { url } = await sharedApp()
  const health = await json<Health>(await fetch(`${url}/healthz`))
  assert.deepEqual([health.status, health.service], ['ok', 'stats-service'])
  const checks = [
    'circuit_breaker',
    'integrity',
    'mailer',
    'memory',
    ...(ON_MONGODB ? ['mongodb'] : []),
    'projector',
    'storage',
  ]
  assert.deepEqual(Object.keys(health.checks).sort(), checks)
  assert.deepEqual(health.checks.circuit_breaker, { status: 'ok', state: 'Closed' })
  assert.equal(health.checks.storage?.engine, ON_MONGODB ? 'mongodb' : 'sqlite')
  assert.ok(Number(health.checks.memory?.rss_mb) > 10)
  assert.deepEqual(await json(await fetch(`${url}/livez`)), { status: 'ok' })
  assert.deepEqual(await json(await fetch(`${url}/readyz`)), { status: 'ready' })
})

test('health is 200 where the service is degraded, and 503 where the store is down, which is not ready then', async t => {
  const { services } = await startApp(t)
  const now = await services.health()
  const late = await serve(t, {
    ...services,
    health: async () => ({ ...now, projector: { lagEvents: 9, lagMs: 60_000 } }),
  })
  assert.equal((await json<Health>(await fetch(`${late.url}/healthz`))).status, 'degraded')
  const down = { ...now, storage: { ...now.storage, ok: false }, ready: false }
  const { url } = await serve(t, { ...services, health: async () => down })
  assert.equal((await json<Health>(await fetch(`${url}/healthz`), 503)).status, 'error')
  await problem(await fetch(`${url}/readyz`), 503, 'not_ready')
  assert.equal((await fetch(`${url}/livez`)).status, 200)
})

test('metrics count events, requests and the state of the store', async () => {
  const { url } = await sharedApp()
  await postEvent(url, { ...PLAY, eventId: 'm1' })
  await postEvent(url, { ...PLAY, eventId: 'm1' })
  await postEvent(url, {})
  const response = await fetch(`${url}/metrics`)
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
  const text = await response.text()
  for (const line of [
    'stats_events_total{status="accepted"} 1',
    'stats_events_total{status="duplicate"} 1',
    'stats_events_total{status="rejected"} 1',
    'stats_events_total{status="conflict"} 0',
    'stats_events_total{status="unavailable"} 0',
    'stats_dead_letters_dropped_total 0',
    'stats_storage_up 1',
    'stats_queue_events 0',
    'http_request_duration_seconds_count{method="POST",route="/api/stats/events",status="202"} 2',
    'http_request_duration_seconds_count{method="POST",route="/api/stats/events",status="400"} 1',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), line)
  }
  assert.match(text, /\nprocess_resident_memory_bytes \d/)
  assert.match(text, /\nstats_projector_lag_events \d/)
})
