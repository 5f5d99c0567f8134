/** Today so far, against the same hours of the same weekday. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { PlatformKpis } from '../../../http/kpis.ts'
import { today } from '../../address/ranges.ts'
import { useView } from '../../address/view.ts'
import { useAnswer } from '../../requests/queries.ts'

export function useToday(): UseQueryResult<PlatformKpis, Error> {
  const { tz } = useView()
  const day = today(tz, Date.now())
  const parameters = { startDate: day, endDate: day, tz, compare: 'weekday', interval: 'hour' }
  return useAnswer<PlatformKpis>('/api/stats/overview', parameters, { isFirst: true })
}
