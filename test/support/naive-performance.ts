/** The figures of recommendations as a plain scan of all feedback gives them: no code of `src` but types. */
import type { IngestedEvent } from '../../src/events/event.ts'
import type {
  FeedbackFigures,
  PerformanceQuestion,
  RecommendationPerformance,
} from '../../src/statistics/recommendation-performance.ts'
import { period } from './naive.ts'
import { naiveRange } from './naive-calendar.ts'
import { isFeedback, naiveFeedback } from './naive-feedback.ts'

const STRATEGIES = ['model', 'exploration', 'similar', 'genre', 'popular', 'unknown'] as const

/** An item of an answer: when the first events to arrive say that it was shown and clicked. */
interface Item {
  strategy: string
  shown?: number
  clicked?: number
}

export function naivePerformance(
  events: readonly IngestedEvent[],
  question: PerformanceQuestion,
): RecommendationPerformance {
  const items = new Map<string, Item>()
  for (const { event } of events) {
    if (!isFeedback(event.eventType)) continue
    const { strategy, answer, item, deed, instant } = naiveFeedback(event)
    const key = JSON.stringify([strategy, answer, item])
    if (!items.has(key)) items.set(key, { strategy })
    const found = items.get(key)!
    if (found[deed] === undefined) found[deed] = instant
  }
  const { startDate, endDate, tz = 'UTC' } = question
  const range = naiveRange(startDate, endDate, tz)
  const isIn = (instant: number | undefined) => instant !== undefined && instant >= range.from && instant < range.to
  const figuresOf = (own: readonly Item[]): FeedbackFigures => {
    const shown = own.filter(item => isIn(item.shown))
    const clicked = shown.filter(item => item.clicked !== undefined)
    const rate = Math.round((10_000 * clicked.length) / shown.length) / 100
    return {
      shown: shown.length,
      clicked: clicked.length,
      clickThroughRate: shown.length === 0 ? null : rate,
      clickedUnshown: own.filter(item => item.shown === undefined && isIn(item.clicked)).length,
    }
  }
  const all = [...items.values()]
  return {
    period: startDate || endDate ? period(range, tz) : null,
    total: figuresOf(all),
    strategies: STRATEGIES.map(strategy => ({
      strategy,
      ...figuresOf(all.filter(item => item.strategy === strategy)),
    })),
  }
}
