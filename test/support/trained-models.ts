/** Events that models can be trained from, and what a service says of its models. */
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { RecommendationModel } from '../../src/http/recommendation-model.ts'
import { json } from './http.ts'

const PATIENCE_MS = 60_000

/** Settings with which a service trains. */
export const TRAINING = { RECOMMENDATION_TRAINING_HOURS: '24' }

/** 120 listeners of two tastes, who play ten of twenty artists each within four days. */
export function tastefulPlays() {
  return Array.from({ length: 1_200 }, (_, i) => {
    const listener = i % 120
    const artist = (listener % 2) * 20 + ((listener * 7 + Math.floor(i / 120) * 3) % 20)
    return {
      eventId: `e${i}`,
      eventType: 'track.played',
      entityType: 'artist',
      entityId: String(artist + 1),
      userId: `u${listener}`,
      timestamp: new Date(Date.now() - i * 300_000).toISOString(),
    }
  })
}

export async function sendAll(url: string, events: readonly object[]): Promise<void> {
  for (let i = 0; i < events.length; i += 500) {
    const body = JSON.stringify(events.slice(i, i + 500))
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/stats/events/batch`, { method: 'POST', headers, body })
    assert.ok(answer.ok, await answer.text())
  }
}

export const modelOf = async (url: string) => json<RecommendationModel>(await fetch(`${url}/api/recommendations/model`))

export async function modelWhen(
  url: string,
  isSo: (model: RecommendationModel) => boolean,
): Promise<RecommendationModel> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const model = await modelOf(url)
    if (isSo(model)) return model
    assert.ok(Date.now() < end, `still ${JSON.stringify(model)}`)
    await wait(100)
  }
}
