/** Deeper statistics over HTTP, one connection, on the large store: of the platform, of artists by popularity, and the search. */
import { setTimeout as wait } from 'node:timers/promises'
import { artists, YEAR_MS, YEAR_START } from './generate.ts'
import { CHOICES, chooseArtists, Questions } from './questions.ts'
import { Random } from './random.ts'
import { Report } from './report.ts'
import { Service } from './service.ts'
import type { Sizes } from './sizes.ts'
import { filledStore } from './stores.ts'

const PORT = 5410
const YEAR = 'startDate=2025-01-01&endDate=2025-12-31'
const MADRID = 'tz=Europe/Madrid'
const DAY_MS = 86_400_000

export async function statistics({ large }: Sizes): Promise<Report> {
  const report = new Report('statistics', 'deeper statistics over HTTP, one connection')
  const dataDir = await filledStore({ perYear: large, stored: large })
  const service = await Service.start(PORT, { dataDir, now: YEAR_START + YEAR_MS })
  try {
    const indexed = await searchComplete(service)
    report.note('search: all names indexed', `${(indexed / 1000).toFixed(0)} s after the start`)
    const questions = new Questions(report, service)
    await askPlatform(questions)
    await askArtists(questions)
    await questions.judge('search', searches(500), { 95: 20 })
    await service.stop()
  } finally {
    service.kill()
  }
  return report
}

/** Cold: each range is another one, so that nothing of it is kept. */
async function askPlatform(questions: Questions): Promise<void> {
  const until = (i: number) => new Date(YEAR_START + YEAR_MS - (1 + i) * DAY_MS).toISOString().slice(0, 10)
  const cold = Array.from({ length: 20 }, (_, i) => `/api/stats/overview?startDate=2025-01-01&endDate=${until(i)}`)
  await questions.judgeAsked('overview of a year, cold', cold, { 95: 300 })
  await questions.judge('overview of a year, kept', new Array<string>(200).fill(`/api/stats/overview?${YEAR}`), {
    95: 20,
  })
  const days = `/api/stats/overview?${YEAR}&interval=day&${MADRID}`
  await questions.judgeAsked('overview of a year by day, cold', [days], {})
  await questions.judge('overview of a year by day, kept', new Array<string>(50).fill(days), {})
  await questions.judge('live history, the platform', new Array<string>(20).fill('/api/stats/live/history'), {})
}

async function askArtists(questions: Questions): Promise<void> {
  for (const [what, path, bar] of [
    ['tracks of a year', `tracks?${YEAR}`, 120],
    ['tracks of half a year, compared', 'tracks?startDate=2025-07-01&endDate=2025-12-31&compare=previous', undefined],
    ['albums of a year', `albums?${YEAR}`, undefined],
    ['releases', 'releases?align=release', undefined],
    ['audience of a year', `audience?${YEAR}&${MADRID}`, 200],
    ['audience of a year by day', `audience?${YEAR}&${MADRID}&interval=day`, undefined],
    ['rhythm of a year', `rhythm?${YEAR}&${MADRID}`, 100],
    ['milestones', `milestones?${MADRID}`, 200],
    ['events behind a figure', `events?${YEAR}&limit=100`, undefined],
  ] as const) {
    for (const [choice, ranks] of Object.entries(CHOICES)) {
      const paths = chooseArtists(ranks, 200).map(rank => `/api/stats/artist/${artists[rank]!.id}/${path}`)
      await questions.judge(`${what}, ${choice} artists`, paths, bar === undefined ? {} : { 95: bar })
    }
  }
}

/** Beginnings, middles, whole names, names with a wrong letter, and ids. */
function searches(count: number): string[] {
  const random = new Random(7, count)
  return Array.from({ length: count }, (_, i) => {
    const { id, name, albums } = artists[random.below(artists.length)]!
    const word = name.slice(4, 9)
    const wrong = `${word.slice(0, 2)}x${word.slice(3)}`
    const q = [word.slice(0, 3), word.slice(1, 5), name, `The ${wrong} Band`, wrong, id, albums[0]!, word.slice(0, 1)][
      i % 8
    ]!
    return `/api/stats/search?q=${encodeURIComponent(q)}`
  })
}

/** Milliseconds until the search says that its answers are complete. */
async function searchComplete({ url }: Service): Promise<number> {
  for (const begun = performance.now(); ; await wait(500)) {
    const answer = (await (await fetch(`${url}/api/stats/search?q=zzzzzz`)).json()) as { complete: boolean }
    if (answer.complete) return performance.now() - begun
  }
}
