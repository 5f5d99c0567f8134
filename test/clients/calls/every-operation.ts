/**
 * Calls every operation by the generated functions: `node every-operation.js URL KEY ALBUM`. Writes the name of each
 * function that was called, a line each. Compiled beside the client, so that what is required or optional is checked too.
 */
import assert from 'node:assert/strict'
import { client } from './client/client.gen.js'
import * as api from './client/index.js'

const [url, key, album] = process.argv.slice(2) as [string, string, string]
client.setConfig({ baseUrl: url, auth: key })
const timestamp = new Date().toISOString()

/** Gives what the operation answers with a success. */
async function call<Options, Data>(
  operation: (options: Options) => Promise<{ data?: Data; error?: unknown }>,
  options: Options,
): Promise<NonNullable<Data>> {
  const { data, error } = await operation(options)
  assert.ok(data, `${operation.name}: ${JSON.stringify(error)}`)
  console.log(operation.name)
  return data
}

// Events
const play: api.Event = {
  eventType: 'track.played',
  timestamp,
  entityType: 'track',
  entityId: 2,
  userId: 'u5',
  metadata: { albumId: album, artist: 'DJ Beats', mood: 'calm' },
}
const headers = { 'idempotency-key': 'play-2' }
assert.equal((await call(api.postEvent, { body: play, headers })).id, 'play-2')
assert.equal((await call(api.postEvent, { body: play, headers })).duplicate, true)
const follow: api.Event = { eventType: 'artist.followed', timestamp, entityType: 'artist', entityId: '4', userId: 'u5' }
const items: api.OrderItem[] = [{ artistId: '4', price: '9.99', quantity: 2 }]
const order: api.Event = { ...follow, eventType: 'order.paid', entityType: 'order', metadata: { items } }
assert.equal((await call(api.postEvents, { body: [follow, order] })).accepted, 2)
const metadata = { recommendationId: 'an-answer.popular' }
const shown: api.Event = { ...follow, eventType: 'recommendation.shown', metadata }
assert.deepEqual(
  (await call(api.postEvents, { body: { events: [order, shown] } })).results.map(({ status }) => status),
  ['accepted', 'accepted'],
)

// What is refused
const late: api.Event = { eventType: 'track.played', timestamp: '2999-01-01T00:00:00Z', entityId: '1' }
const { error, response } = await api.postEvent({ body: late })
assert.equal(response?.status, 400)
assert.equal(error?.errors?.[0]?.code, 'timestamp_in_future')
const { items: letters } = await call(api.getDeadLetters, { query: { limit: 1 } })
assert.equal((await call(api.getDeadLetterSummary, {})).byReason.timestamp_in_future, 1)
const repaired = { id: letters[0]!.id, event: { ...play, userId: 'u6' } }
assert.equal((await call(api.replayDeadLetters, { body: repaired })).accepted, 1)
assert.equal((await call(api.replayDeadLetters, {})).replayed, 0)
assert.equal((await call(api.deleteDeadLetters, { query: { reason: 'timestamp_in_future' } })).deleted, 0)

// The service
while ((await call(api.getHealth, {})).checks.projector.lag_events > 0) await new Promise(go => setTimeout(go, 50))
assert.equal((await call(api.getLiveness, {})).status, 'ok')
assert.equal((await call(api.getReadiness, {})).status, 'ready')
assert.match(await call(api.getMetrics, {}), /^stats_storage_up 1$/m)
assert.equal((await call(api.getCircuitBreaker, {})).opened_at, null)

// Figures
const path = { artistId: '4' }
assert.ok((await call(api.getArtistKpis, { path })).revenueByCurrency.EUR! >= 19.98)
const query = { startDate: timestamp.slice(0, 10), interval: 'hour', compare: 'previous' } as const
const today = await call(api.getArtistKpis, { path, query })
assert.equal(typeof today.series?.[0]?.plays, 'number')
assert.equal(typeof today.previous?.change.plays, 'object')
const growth = { sort: 'growth', startDate: timestamp.slice(0, 10) } as const
const tracks = await call(api.getArtistTracks, { path, query: growth })
assert.ok(tracks.items.every(track => track.growth!.count === track.plays))
assert.ok((await call(api.getArtistAlbums, { path })).total >= 0)
const align = { align: 'release', days: 28 } as const
const aligned = await call(api.getArtistReleases, { path, query: align })
assert.ok(aligned.items.every(({ firstDays, series }) => firstDays.length <= 3 && series!.length <= 28))
assert.equal((await call(api.getArtistMilestones, { path })).next[0]?.next, 10)
const counted = await call(api.getArtistEvents, { path, query: { measure: 'purchases' as const } })
assert.match(counted.items[0]!.listener!, /^listener-/)
assert.ok((await call(api.getAlbumKpis, { path: { albumId: album } })).plays >= 1)
assert.equal((await call(api.getTrackKpis, { path: { trackKey: `${album}_1` } })).type, 'track')
assert.ok((await call(api.getOverview, { query })).activeArtists >= 1)
const audience = await call(api.getArtistAudience, { path, query })
assert.equal(audience.funnel[0]?.people, audience.listeners)
assert.equal(typeof audience.previous?.change.lapsed, 'object')
assert.equal((await call(api.getArtistRhythm, { path })).cells.length, 168)
const definitions = await call(api.getDefinitions, {})
assert.equal(today.definitions, definitions.version)
assert.ok(definitions.items.some(({ figure, name }) => figure === 'plays' && name.es === 'Reproducciones'))
assert.ok((await call(api.getTrending, {}))[0]!.count >= 2)
assert.equal((await call(api.getArtistPosition, { path })).items.length, 52)
const [rising] = await call(api.getTrending, {
  query: { genre: 'artists', mode: 'rising' as const, limit: 1 },
})
assert.ok(rising!.growth!.count >= 1)
assert.equal(typeof (await call(api.search, { query: { q: 'beats', kind: 'artist' as const } })).complete, 'boolean')
assert.ok((await call(api.getUnattributed, { query: { limit: 1 } })).items.length <= 1)
assert.equal((await call(api.getLiveHistory, { query: path })).series.length, 2_880)
const leaving = new AbortController()
const { stream } = await api.getLive({ query: path, signal: leaving.signal })
for await (const message of stream) {
  assert.equal((message as unknown as api.LiveMessage).artistId, '4')
  break
}
leaving.abort()
console.log('getLive')
assert.ok((await call(api.copyFigures, {})).checkpoint > 0)

// Recommendations
const [popular] = await call(api.getUserRecommendations, { path: { userId: 'nobody' } })
assert.equal(popular?.reason, 'popular')
assert.equal((await call(api.getRecommendationModel, {})).version, null)
const performance = await call(api.getRecommendationPerformance, {})
assert.equal(performance.strategies.find(({ strategy }) => strategy === 'popular')?.shown, 1)
assert.equal((await call(api.getSimilarAlbums, { query: { genre: 'Rock', limit: 2 } })).length, 2)
assert.deepEqual(await call(api.getSimilarAlbums, { query: { artistId: 'nobody' } }), [])
assert.equal((await api.getSimilarAlbums({ query: { limit: 2 } })).response?.status, 400)

// The cache
assert.ok((await call(api.getCacheInfo, {})).keys.length > 0)
assert.equal((await call(api.clearCache, { body: { key: 'a key' } })).cleared, 'a key')
assert.equal((await call(api.clearCache, {})).cleared, 'all')

// Alerts
const answer = await call(api.requestAlert, { body: { artistId: 7, thresholds: { follows: 0 } } })
assert.equal(answer.triggers?.[0]?.kind, 'follows')
assert.equal((await call(api.getAlertHistory, { query: { artistId: '7' } }))[0]?.triggers[0]?.threshold, 0)
