/** The service's metrics, asked for every five seconds, with the reading before to tell rates from. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { OPERATORS_REFRESH_MS } from '../../../requests/health.ts'
import { send } from '../../../requests/request.ts'
import { type Readings, withReading } from './readings.ts'

const KEY = ['/metrics']

export function useMetrics() {
  const queries = useQueryClient()
  return useQuery<Readings, Error>({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const text = await (await send('/metrics', { signal })).text()
      return withReading(queries.getQueryData<Readings>(KEY), text, performance.now())
    },
    refetchInterval: OPERATORS_REFRESH_MS,
    // Comparing hundreds of samples with those before would take longer than drawing them.
    structuralSharing: false,
  })
}
