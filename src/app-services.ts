/** What the HTTP side asks of the service: the seam between the two. */
import type { Config } from './config.ts'
import type { DeadLetters } from './events/dead-letters.ts'
import type { Intake } from './events/intake.ts'
import type { ArtistKpis, KpiQuestion } from './queries/artist-kpis.ts'
import type { TrendingQuestion } from './queries/trending.ts'
import type { TrendingRow } from './queries/trending-rows.ts'
import type { UnattributedPage } from './queries/unattributed.ts'

export interface Health {
  storage: { ok: boolean; engine: string; latencyMs: number }
  projector: { lagEvents: number; lagMs: number }
  /** What waits for its commit, and how full the queue is, from 0 to 1. */
  queue: { events: number; load: number }
  ready: boolean
  state: 'starting' | 'ready' | 'draining'
}

/** All that the HTTP side asks of the service. */
export interface AppServices {
  config: Config
  clock: () => number
  intake: Intake
  deadLetters: DeadLetters
  /** How many dead letters have left since the start because there were more than `DEAD_LETTER_MAX`. */
  droppedLetters(): number
  questions: {
    artistKpis(question: KpiQuestion): Promise<ArtistKpis>
    trending(question: TrendingQuestion): Promise<TrendingRow[]>
    unattributed(page: { limit: number; cursor?: string }): Promise<UnattributedPage>
  }
  health(): Promise<Health>
  /** Writes what was received and closes the store. */
  close(): Promise<void>
}
