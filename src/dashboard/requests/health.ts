/** The health of the service, which is an answer too where it says that the service cannot work. */
import { useQuery } from '@tanstack/react-query'
import type { HealthAnswer } from '../../http/health.ts'
import { send } from './request.ts'

/** Milliseconds after which what operators look at is asked for again, while the page is visible. */
export const OPERATORS_REFRESH_MS = 5_000

const PATH = '/healthz'

/** The health, asked for every five seconds. */
export function useHealth() {
  return useQuery<HealthAnswer, Error>({
    queryKey: [PATH],
    queryFn: async ({ signal }) => (await send(PATH, { signal }, isHealth)).json(),
    refetchInterval: OPERATORS_REFRESH_MS,
  })
}

/** A store that does not work is answered with 503 and the health; a refused request with 503 and a problem document. */
function isHealth({ ok, status, headers }: Response): boolean {
  return ok || (status === 503 && headers.get('content-type')?.startsWith('application/json') === true)
}
