/** What counted events add up to, by the figure that they are behind. Pure. */
import type { CountedEvent } from '../../../../http/artist-events.ts'
import type { Metric } from '../../../kpis/metrics.ts'

/** The events that a figure is made of, as the API names them. */
export const MEASURES: Readonly<Record<Metric, CountedEvent['measure']>> = {
  plays: 'plays',
  uniqueListeners: 'plays',
  likes: 'likes',
  follows: 'follows',
  purchases: 'purchases',
  revenue: 'purchases',
}

/** Equals the figure where these are all of its events; `currency` is that of the revenue. */
export function sumOf(metric: Metric, events: readonly CountedEvent[], currency: string | undefined): number {
  if (metric === 'uniqueListeners') return new Set(events.flatMap(({ listener }) => listener ?? [])).size
  if (metric !== 'revenue') return events.reduce((sum, { counts }) => sum + counts, 0)
  const amounts = events.filter(event => event.currency === currency).map(({ amount }) => amount ?? 0)
  const sum = amounts.reduce((sum, amount) => sum + amount, 0)
  // Sums of binary fractions have a noise far below the smallest coin of any currency.
  return Math.round(sum * 1e6) / 1e6
}
