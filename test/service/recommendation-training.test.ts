/** Models as a running service makes them, keeps them and answers with them. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { RecommendationModel } from '../../src/http/recommendation-model.ts'
import { json } from '../support/http.ts'
import { ServiceProcess } from '../support/service-process.ts'
import { withFolder } from '../support/store-folder.ts'

const PATIENCE_MS = 60_000

/** 120 listeners of two tastes, who play ten of twenty artists each. */
function plays() {
  return Array.from({ length: 1_200 }, (_, i) => {
    const listener = i % 120
    const artist = (listener % 2) * 20 + ((listener * 7 + Math.floor(i / 120) * 3) % 20)
    return {
      eventId: `e${i}`,
      eventType: 'track.played',
      entityType: 'artist',
      entityId: String(artist + 1),
      userId: `u${listener}`,
      timestamp: new Date(Date.now() - i * 60_000).toISOString(),
    }
  })
}

async function send(url: string, events: readonly object[]): Promise<void> {
  for (let i = 0; i < events.length; i += 500) {
    const body = JSON.stringify(events.slice(i, i + 500))
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/stats/events/batch`, { method: 'POST', headers, body })
    assert.ok(answer.ok, await answer.text())
  }
}

const modelOf = async (url: string) => json<RecommendationModel>(await fetch(`${url}/api/recommendations/model`))

async function modelWhen(url: string, isSo: (model: RecommendationModel) => boolean): Promise<RecommendationModel> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const model = await modelOf(url)
    if (isSo(model)) return model
    assert.ok(Date.now() < end, `still ${JSON.stringify(model)}`)
    await wait(100)
  }
}

test('a model is trained of a thousand events, is there again after a restart, and one that is damaged is trained anew', () =>
  withFolder(async dataDir => {
    const first = await ServiceProcess.start({ dataDir })
    assert.equal((await modelOf(first.url)).version, null)
    await send(first.url, plays())
    const trained = await modelWhen(first.url, ({ version }) => version !== null)
    assert.equal(trained.seq, 1_200)
    assert.deepEqual(
      trained.kinds.map(({ kind, listeners, items }) => [kind, listeners, items]),
      [['artist', 120, 40]],
    )
    assert.equal(trained.training.state, 'idle')
    await first.end('SIGTERM')

    const second = await ServiceProcess.start({ dataDir })
    const { version, trainedAt } = await modelOf(second.url)
    assert.deepEqual([version, trainedAt], [trained.version, trained.trainedAt])
    await second.end('SIGTERM')

    await writeFile(join(dataDir, 'recommendations', 'models.arrays'), 'no model')
    const lines: string[] = []
    const third = await ServiceProcess.start({ dataDir, onLine: line => lines.push(line) })
    assert.ok(lines.some(line => line.includes("can't be used, and are trained anew")))
    const again = await modelWhen(third.url, ({ version }) => version !== null)
    assert.equal(again.version, trained.version, 'the same events give the same version')
    await third.end('SIGTERM')
  }))
