/** What is excluded of the plays in the windows of a ranking. What is known of closed days is kept. */
import { ExactAnswers } from '../caching/exact-answers.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { DAY_MS } from '../units.ts'
import { type ChartLimit, type ExcludedPlays, excludedPlays, type PlayedKind } from './excluded-plays.ts'

const KEPT_BYTES = 16 * 2 ** 20

/** What is kept of a day takes about so many bytes, and so many more of each entity. */
const BYTES_OF_DAY = 300
const BYTES_OF_ENTITY = 100

export class EligiblePlays {
  /** null: every counted play is eligible. */
  readonly limit: ChartLimit | null
  /** By UTC day. */
  readonly #kept = new ExactAnswers<readonly ExcludedPlays[]>({
    maxBytes: KEPT_BYTES,
    bytesOf: excluded => BYTES_OF_DAY + BYTES_OF_ENTITY * excluded.length,
    isUnattributed: true,
  })

  constructor(limit: ChartLimit | null) {
    this.limit = limit
  }

  /** What is excluded of tracks or albums in each of the windows, which ascend and do not overlap; by number of the entity. */
  async excludedIn(
    reads: Snapshot,
    kind: Exclude<PlayedKind, 'artists'>,
    windows: readonly Interval[],
  ): Promise<Map<number, ExcludedPlays>[]> {
    const { limit } = this
    if (limit === null) return windows.map(() => new Map())
    const days = windows.map(daysOf)
    const ofDays = await this.#kept.get(reads, kind, days.flat(), missing => excludedPlays(reads, kind, limit, missing))
    return days.map(({ length }) => sumOf(ofDays.splice(0, length)))
  }
}

/** The UTC days of a window, the first and the last cut at its ends. */
function daysOf({ from, to }: Interval): Interval[] {
  const days: Interval[] = []
  for (let start: Instant = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / DAY_MS) + 1) * DAY_MS)
    days.push({ from: start, to: end })
    start = end
  }
  return days
}

function sumOf(days: readonly (readonly ExcludedPlays[])[]): Map<number, ExcludedPlays> {
  const sums = new Map<number, ExcludedPlays>()
  for (const { id, listenerLimit, anonymousLimit } of days.flat()) {
    const sum = sums.get(id) ?? { id, listenerLimit: 0, anonymousLimit: 0 }
    sums.set(id, {
      id,
      listenerLimit: sum.listenerLimit + listenerLimit,
      anonymousLimit: sum.anonymousLimit + anonymousLimit,
    })
  }
  return sums
}
