/** The alerts of the demo that somebody asks for; those of the last hour's surge come by themselves. */
import type { Artist } from '../content-service/catalogue.ts'
import type { Client } from '../replay/client.ts'

const DAY_MINUTES = 24 * 60
const THRESHOLDS = { plays: 1, likes: 1, follows: 1 }

/** Asks for an alert about each of them, which the last day has reached where anything was played. */
export async function requestAlerts(client: Client, artists: readonly Artist[]): Promise<void> {
  for (const { id } of artists) {
    await client.post('/api/stats/alerts', { artistId: String(id), windowMinutes: DAY_MINUTES, thresholds: THRESHOLDS })
  }
}
