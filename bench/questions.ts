/** Questions over HTTP, one connection, and which artists they are about. */
import { join } from 'node:path'
import { artists } from './generate.ts'
import { Random, Zipf } from './random.ts'
import { ms, type Report } from './report.ts'
import type { Service } from './service.ts'
import { workFolder } from './stores.ts'
import { type ListLoad, requestList } from './wrk.ts'

/** How artists are chosen: as often as they are listened to, or each as often as any. */
export const CHOICES = { popular: new Zipf(artists.length, 1), uniform: new Zipf(artists.length, 0) }

type Percentile = '50' | '95' | '99' | '100'
/** The most milliseconds that a percentile may take. */
export type Bars = { [at in Percentile]?: number }

export class Questions {
  #report: Report
  #service: Service
  #file = join(workFolder('questions'), 'paths')

  constructor(report: Report, service: Service) {
    this.#report = report
    this.#service = service
  }

  ask(lines: readonly string[], file = this.#file): Promise<ListLoad> {
    return requestList(this.#service.url, 'GET', { file, lines }, 1)
  }

  /** `plain`: how long the same took from a plain table, ascending. */
  async judge(what: string, paths: readonly string[], bars: Bars, plain?: readonly number[]): Promise<void> {
    await this.ask(paths.slice(0, 20))
    await this.judgeAsked(what, paths, bars, plain)
  }

  /** As `judge`, without asking any of it before. */
  async judgeAsked(what: string, paths: readonly string[], bars: Bars, plain?: readonly number[]): Promise<void> {
    const load = await this.ask(paths)
    if (load.failed > 0) throw new Error(`${load.failed} of ${load.requests} requests failed: ${what}`)
    if (Object.keys(bars).length === 0) this.#report.note(what, percentiles(load))
    for (const [at, atMost] of Object.entries(bars) as [Percentile, number][]) {
      const baseline = plain && percentile(plain, Number(at))
      const ratio = baseline && `; plain table ${ms(baseline)}, ratio ${(load.latency[at] / baseline).toFixed(3)}`
      const shown = percentiles(load) + (ratio ?? '')
      this.#report.judge(`${what}: ${at === '100' ? 'most' : `p${at}`}, ms`, load.latency[at], { atMost }, shown)
    }
  }
}

export function chooseArtists(ranks: Zipf, count: number): number[] {
  const random = new Random(1, count)
  return Array.from({ length: count }, () => ranks.choose(random))
}

export function percentile(ascending: readonly number[], part: number): number {
  return ascending[Math.max(0, Math.ceil((ascending.length * part) / 100) - 1)]!
}

export const percentiles = ({ latency }: ListLoad): string =>
  `p50 ${ms(latency[50])}, p95 ${ms(latency[95])}, p99 ${ms(latency[99])}`
