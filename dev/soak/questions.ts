/** Questions of all kinds, as a front end, an operator and a monitoring system ask them. */
import type { Random } from '../../bench/random.ts'
import { artistOf } from '../../test/support/known-events.ts'
import { cataloguedArtists } from './events.ts'
import type { HonestClient } from './honest-client.ts'
import { pause } from './pause.ts'
import { oneOf, type Run } from './run.ts'

const PAUSE_MS = 150

interface Question {
  path: (random: Random) => string
  /** 200 where it is absent. */
  expected?: readonly number[]
  /** Whether the answer is one that can be. */
  isRight?: (body: unknown) => boolean
}

const artist = (random: Random): string =>
  random.below(2) === 0 ? artistOf(random.below(40)) : oneOf(cataloguedArtists, random).id
const kpis = (random: Random, query: string): string => `/api/stats/artist/${artist(random)}/kpis?${query}`

/** Ranks are positions, and nothing is above what has more of it. */
function isRanking(body: unknown): boolean {
  const rows = body as { rank: number; count: number }[]
  return rows.every(({ rank, count }, i) => rank === i + 1 && count > 0 && count <= (rows[i - 1]?.count ?? count))
}

/** Similar albums come from the catalogue alone, so that its faults are those of the answer. */
const FROM_CATALOGUE = [200, 502, 504]

const publicQuestions: readonly Question[] = [
  { path: random => kpis(random, '') },
  { path: random => kpis(random, 'startDate=2026-09-01&endDate=2026-09-30&tz=Europe/Madrid&interval=day') },
  { path: random => kpis(random, 'startDate=2026-09-14&endDate=2026-10-11&compare=previous') },
  { path: random => kpis(random, 'interval=month&tz=Asia/Kathmandu') },
  {
    path: random =>
      `/api/stats/trending?genre=${oneOf(['tracks', 'artists', 'albums'], random)}` +
      `&period=${oneOf(['day', 'week', 'month', 'year'], random)}&limit=${1 + random.below(100)}`,
    isRight: isRanking,
  },
  {
    path: random => `/api/stats/trending?genre=${oneOf(['Rock', 'jazz', 'R%26B'], random)}&period=year`,
    isRight: isRanking,
  },
  { path: () => '/api/stats/trending?mode=rising&period=month' },
  { path: random => `/api/recommendations/user/${random.below(500)}?limit=20` },
  { path: random => `/api/recommendations/user/u${random.below(500)}?limit=20` },
  { path: random => `/api/recommendations/similar?genre=${oneOf(['Rock', 'Jazz'], random)}`, expected: FROM_CATALOGUE },
  { path: () => '/api/stats/unattributed?limit=20' },
  { path: () => '/api/stats/cb/status' },
  { path: () => '/metrics' },
  { path: () => '/api/openapi.json' },
  { path: () => '/' },
]

const operatorQuestions: readonly Question[] = [
  { path: () => '/api/stats/dead-letters?limit=20' },
  { path: () => '/api/stats/dead-letters/summary' },
  { path: () => '/api/stats/alerts/history?limit=20' },
  { path: () => '/api/stats/cache/info' },
]

const QUESTIONS = { anybody: publicQuestions, operator: operatorQuestions }

/** Asks one after the other, those of anybody or those that need the key of an operator. */
export async function ask(run: Run, client: HonestClient, as: keyof typeof QUESTIONS): Promise<void> {
  while (!run.ending.aborted) {
    const { path: pathOf, expected, isRight } = oneOf(QUESTIONS[as], run.random)
    const path = pathOf(run.random)
    const reply = await client.ask({ method: 'GET', path }, expected)
    if (reply?.status === 200 && isRight && !isRight(JSON.parse(reply.text))) {
      run.findings.add('an answer is wrong in itself', `${path}\n  ${reply.text}`)
    }
    await pause(PAUSE_MS, run.ending)
  }
}
