/** Some listeners of the demo look at what they are recommended, and choose some of it. */
import type { Recommendation, SimilarAlbum } from '../../src/http/recommendations.ts'
import { DAY_MS, MINUTE_MS } from '../../src/units.ts'
import type { Client } from '../replay/client.ts'
import type { Payload } from '../replay/payloads.ts'
import { seededRandom } from '../replay/random.ts'
import { projected } from '../replay/send.ts'

const SEED = 16
/** Who has heard much already, who comes for the first time, and who looks at what is similar to an artist. */
const LISTENERS = 30
const NEWCOMERS = 8
const LOOKING_AT_SIMILAR = 12
const ROWS = 20
/** They looked within so many days. */
const DAYS = 21
/** What stands first is chosen this often; further below, less and less. */
const FIRST_SHARE = 0.25
/** What everybody plays is chosen less often than what suits the listener. */
const POPULAR_FACTOR = 0.5

type Row = Recommendation | SimilarAlbum

/** Tells what was shown to them and what they chose, up to `now`, and waits until it is counted. */
export async function lookAtRecommendations(client: Client, now: number): Promise<void> {
  const random = seededRandom(SEED)
  for (const { userId, path } of looks()) {
    const rows = (await client.get(`/api/recommendations/${path}limit=${ROWS}`)) as Row[]
    const at = now - MINUTE_MS - Math.floor(random() * DAYS * DAY_MS)
    const chosen = rows.filter(({ strategy }, i) => {
      const share = (FIRST_SHARE / (1 + i / 4)) * (strategy === 'popular' ? POPULAR_FACTOR : 1)
      return random() < share
    })
    const events = [
      ...rows.map(row => told('shown', row, userId, at)),
      ...chosen.map(row => told('clicked', row, userId, at + MINUTE_MS)),
    ]
    if (events.length > 0) await client.post('/api/stats/events/batch', events)
  }
  await projected(client)
}

/** Whom they are, and what they ask for. */
function* looks(): Generator<{ userId: string; path: string }> {
  for (let number = 1; number <= LISTENERS; number++) yield { userId: `u${number}`, path: `user/u${number}?` }
  for (let number = 1; number <= NEWCOMERS; number++) yield { userId: `new${number}`, path: `user/new${number}?` }
  for (let number = 1; number <= LOOKING_AT_SIMILAR; number++) {
    yield { userId: `u${number}`, path: `similar?artistId=${number}&` }
  }
}

function told(verb: 'shown' | 'clicked', row: Row, userId: string, at: number): Payload {
  return {
    eventId: `demo-${verb}-${row.recommendationId}-${row.id}`,
    eventType: `recommendation.${verb}`,
    timestamp: new Date(at).toISOString(),
    userId,
    entityType: row.type,
    entityId: row.id,
    metadata: { recommendationId: row.recommendationId },
  }
}
