/** The last 48 hours by minute, asked for once a minute. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { LiveHistory } from '../../../http/live.ts'
import { useAnswer } from '../../requests/queries.ts'

export const HISTORY = '/api/stats/live/history'

const MINUTE_MS = 60_000

export function useHistory(): UseQueryResult<LiveHistory, Error> {
  return useAnswer<LiveHistory>(HISTORY, {}, { refetchInterval: MINUTE_MS })
}
