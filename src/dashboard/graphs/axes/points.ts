/** The points of a series in time. */
import type { SeriesUnit } from '../../../statistics/series.ts'

/** ISO instants, `end` excluded, as the API gives them. */
export interface Point {
  start: string
  end: string
}

export type Interval = 'minute' | SeriesUnit
