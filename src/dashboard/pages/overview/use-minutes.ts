/** The plays of the last minutes, which grow with each message of the live stream. */
import { useMemo, useState } from 'react'
import type { LiveMessage } from '../../../http/live.ts'
import { type Arrivals, lastMinutes, nextArrivals } from './minutes.ts'
import { useHistory } from './use-history.ts'

/** Undefined until the history is there. */
export function useMinutes(message: LiveMessage | undefined, count: number): number[] | undefined {
  const { data, dataUpdatedAt } = useHistory()
  const [arrivals, setArrivals] = useState<Arrivals>({ message: undefined, answeredAt: 0, since: [] })
  if (arrivals.message !== message || arrivals.answeredAt !== dataUpdatedAt) {
    setArrivals(nextArrivals(arrivals, message, dataUpdatedAt))
  }
  return useMemo(() => data && lastMinutes(data.series, arrivals.since, count), [data, arrivals, count])
}
