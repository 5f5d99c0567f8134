/** Some listeners of the demo look at what they are recommended, and choose some of it. */
import type { Recommendation } from '../../src/http/recommendations.ts'
import { DAY_MS, MINUTE_MS } from '../../src/units.ts'
import type { Client } from '../replay/client.ts'
import type { Payload } from '../replay/payloads.ts'
import { seededRandom } from '../replay/random.ts'
import { projected } from '../replay/send.ts'

const SEED = 16
const LISTENERS = 40
const ROWS = 20
/** They looked within so many days. */
const DAYS = 21
/** What stands first is chosen this often; further below, less and less. */
const FIRST_SHARE = 0.25
/** What everybody plays is chosen less often than what suits the listener. */
const POPULAR_FACTOR = 0.5

/** Tells what was shown to them and what they chose, up to `now`, and waits until it is counted. */
export async function lookAtRecommendations(client: Client, now: number): Promise<void> {
  const random = seededRandom(SEED)
  for (let number = 1; number <= LISTENERS; number++) {
    const userId = `u${number}`
    const rows = (await client.get(`/api/recommendations/user/${userId}?limit=${ROWS}`)) as Recommendation[]
    const at = now - MINUTE_MS - Math.floor(random() * DAYS * DAY_MS)
    const chosen = rows.filter(({ reason }, i) => {
      const share = (FIRST_SHARE / (1 + i / 4)) * (reason === 'popular' ? POPULAR_FACTOR : 1)
      return random() < share
    })
    const told = (verb: 'shown' | 'clicked', row: Recommendation): Payload => ({
      eventId: `demo-${verb}-${userId}-${row.type}-${row.id}`,
      eventType: `recommendation.${verb}`,
      timestamp: new Date(verb === 'shown' ? at : at + MINUTE_MS).toISOString(),
      userId,
      entityType: row.type,
      entityId: row.id,
      metadata: { recommendationId: row.recommendationId },
    })
    const events = [...rows.map(row => told('shown', row)), ...chosen.map(row => told('clicked', row))]
    if (events.length > 0) await client.post('/api/stats/events/batch', events)
  }
  await projected(client)
}
