/** How often recommended items were chosen, by the strategy that brought them into their lists. */
import { TOLD_STRATEGIES } from '../identity/recommendation-id.ts'
import type { Snapshot } from '../storage/figures.ts'
import type { Instant, Interval } from '../storage/storage.ts'
import { askedRange, type RangeQuestion } from './asked-range.ts'
import { formatPeriod } from './calendar.ts'

export type PerformanceQuestion = Omit<RangeQuestion, 'compare'>

/** Numbers of items, each of which counts once for each answer that it was in. */
export interface FeedbackFigures {
  /** First shown in the range. */
  shown: number
  /** Those of them that were clicked, whenever that was. */
  clicked: number
  /** clicked / shown in per cent, to two decimals; null where nothing was shown. */
  clickThroughRate: number | null
  /** First clicked in the range, though no event says that they were shown. */
  clickedUnshown: number
}

export interface StrategyPerformance extends FeedbackFigures {
  strategy: (typeof TOLD_STRATEGIES)[number]
}

export interface RecommendationPerformance {
  /** As that of the KPIs. */
  period: string | null
  total: FeedbackFigures
  /** Every strategy, in the order of `TOLD_STRATEGIES`. */
  strategies: StrategyPerformance[]
}

type Counts = Omit<FeedbackFigures, 'clickThroughRate'>

const NOTHING: Counts = { shown: 0, clicked: 0, clickedUnshown: 0 }

/**
 * An item counts in the range in which it was shown, so that neighbouring ranges add up, and a click of the next day is not
 * missing. Only one without any `recommendation.shown` counts in the range in which it was clicked.
 * @throws ServiceError 400 for a wrong date, range or time zone
 */
export async function recommendationPerformance(
  reads: Snapshot,
  question: PerformanceQuestion,
  now: Instant,
): Promise<RecommendationPerformance> {
  const { tz, range } = askedRange(question, now)
  const counted = await countsIn(reads, range)
  const strategies = TOLD_STRATEGIES.map((strategy): StrategyPerformance => {
    return { strategy, ...withRate(counted.get(strategy) ?? NOTHING) }
  })
  return { period: formatPeriod(range, tz), total: withRate([...counted.values()].reduce(added, NOTHING)), strategies }
}

/**
 * Of the rows that are not said again, each item has one for its first `shown` and one for its first `clicked`. The later of
 * the two in the log has both times: so one scan, without bringing rows together, counts the items that have both.
 */
async function countsIn(reads: Snapshot, { from, to }: Interval): Promise<Map<string, Counts>> {
  const rows = await reads.rows<Counts & { strategy: string }>(
    `WITH first AS (
       SELECT strategy, deed, shown_at IS NOT NULL AND clicked_at IS NOT NULL AS is_both,
         shown_at >= $from AND shown_at < $to AS is_shown, clicked_at >= $from AND clicked_at < $to AS is_clicked
       FROM feedback WHERE NOT again
     )
     SELECT strategy,
       count(*) FILTER (deed = 'shown'::deed AND is_shown) AS shown,
       count(*) FILTER (is_both AND is_shown) AS clicked,
       count(*) FILTER (deed = 'clicked'::deed AND is_clicked) - count(*) FILTER (is_both AND is_clicked) AS "clickedUnshown"
     FROM first GROUP BY strategy`,
    { from, to },
  )
  return new Map(rows.map(({ strategy, ...counts }) => [strategy, counts]))
}

const added = (a: Counts, b: Counts): Counts => ({
  shown: a.shown + b.shown,
  clicked: a.clicked + b.clicked,
  clickedUnshown: a.clickedUnshown + b.clickedUnshown,
})

function withRate({ shown, clicked, clickedUnshown }: Counts): FeedbackFigures {
  const clickThroughRate = shown === 0 ? null : Math.round((clicked / shown) * 10_000) / 100
  return { shown, clicked, clickThroughRate, clickedUnshown }
}
