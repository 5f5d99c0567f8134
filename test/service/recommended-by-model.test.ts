/** Lists of a running service that has trained a model, as clients get them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recommendation, SimilarAlbum } from '../../src/http/recommendations.ts'
import { json, until } from '../support/http.ts'
import { ServiceProcess } from '../support/service-process.ts'
import { withFolder } from '../support/store-folder.ts'
import { modelOf, modelWhen, sendAll, TRAINING, tastefulPlays } from '../support/trained-models.ts'

const listOf = async (url: string, userId: string, query = 'type=artist') =>
  json<Recommendation[]>(await fetch(`${url}/api/recommendations/user/${userId}?${query}`))

const playOf = (userId: string, artist: string) => ({
  eventId: `${userId} ${artist}`,
  eventType: 'track.played',
  entityType: 'artist',
  entityId: artist,
  userId,
  timestamp: new Date().toISOString(),
})

test('lists are of the taste, each row says what it owes to which artist, and the next answer knows the last event', () =>
  withFolder(async dataDir => {
    const service = await ServiceProcess.start({ dataDir, env: TRAINING })
    const { url } = service
    await sendAll(url, tastefulPlays())
    const { version } = await modelWhen(url, model => model.version !== null)

    const played = new Set(
      tastefulPlays()
        .filter(({ userId }) => userId === 'u0')
        .map(({ entityId }) => entityId),
    )
    const list = await listOf(url, 'u0', 'type=artist&limit=5&exploration=off')
    assert.equal(list.length, 5)
    for (const { id, strategy, reason, score, because } of list) {
      assert.ok(Number(id) <= 20, `artist ${id} is of the other taste`)
      assert.equal(strategy, 'model')
      assert.ok(!played.has(id))
      assert.equal(reason, `similar:${because[0]!.id}`)
      assert.ok(because.every(item => played.has(item.id)))
      const sum = because.reduce((total, { share }) => total + share, 0)
      assert.ok(Math.abs(sum - score) < 1e-6, `${sum} is not ${score}`)
    }
    assert.equal(new Set(list.map(({ recommendationId }) => recommendationId)).size, 1)

    await sendAll(url, [playOf('u0', list[0]!.id), playOf('newcomer', '1')])
    await until(async () => (await listOf(url, 'u0')).every(({ id }) => id !== list[0]!.id))
    const [first] = await listOf(url, 'newcomer')
    assert.deepEqual([first?.strategy, first?.reason, first?.because.length], ['model', 'similar:1', 1])
    assert.equal((await modelOf(url)).version, version, 'no training was needed')

    const similar = await json<SimilarAlbum[]>(await fetch(`${url}/api/recommendations/similar?artistId=1&limit=3`))
    assert.deepEqual(
      similar.map(({ id, reason, strategy }) => [Number(id) <= 20, reason, strategy]),
      Array(3).fill([true, 'similar:1', 'similar']),
    )
    await service.end('SIGTERM')
  }))

test('a service that is killed while it trains starts again, and trains', () =>
  withFolder(async dataDir => {
    const first = await ServiceProcess.start({ dataDir, env: TRAINING })
    await sendAll(first.url, tastefulPlays())
    await modelWhen(first.url, ({ training }) => training.state === 'training')
    await first.end('SIGKILL')

    const second = await ServiceProcess.start({ dataDir, env: TRAINING })
    await modelWhen(second.url, ({ version }) => version !== null)
    assert.ok((await listOf(second.url, 'u0')).some(({ strategy }) => strategy === 'model'))
    await second.end('SIGTERM')
  }))

test('while a new model takes the place of the last one, each list is of one of the two', () =>
  withFolder(async dataDir => {
    const service = await ServiceProcess.start({ dataDir, env: TRAINING })
    const { url } = service
    await sendAll(url, tastefulPlays())
    const { version } = await modelWhen(url, model => model.version !== null)
    const list = async () =>
      (await listOf(url, 'u0', 'type=artist&limit=5')).map(({ id, strategy }) => `${strategy} ${id}`)
    const before = await list()

    // Enough for another training: whoever plays the artists of u0 plays a new one too.
    const others = Array.from({ length: 60 }, (_, i) => `other${i}`)
    await sendAll(
      url,
      others.flatMap(userId => ['1', '4', '8', '50'].map(artist => playOf(userId, artist))),
    )
    const seen = [before]
    for (let hasChanged = false; !hasChanged; ) {
      hasChanged = (await modelOf(url)).version !== version
      const shown = await list()
      if (shown.join() !== seen.at(-1)!.join()) seen.push(shown)
    }
    assert.equal(seen.length, 2, JSON.stringify(seen))
    assert.ok(seen[1]!.includes('model 50') && !before.includes('model 50'), JSON.stringify(seen))
    await service.end('SIGTERM')
  }))
