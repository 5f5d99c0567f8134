/** How the page keeps answers: what is shown stays until there is something newer, and is asked for again by itself. */
import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { afterFirst, asFirst } from './first-questions.ts'
import { ask, type Parameters, RequestError, UNREACHABLE } from './request.ts'

/** Figures are asked for again after so many milliseconds, and when the reader comes back to the page. */
const REFRESH_MS = 30_000
const RETRIES = 2

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: REFRESH_MS / 2,
        refetchInterval: REFRESH_MS,
        // A service that is stopped is not the reader's network: the page asks on, whatever the browser thinks of that.
        networkMode: 'always',
        placeholderData: keepPreviousData,
        retry: (failures, error) => failures < RETRIES && isPassing(error),
        retryDelay: attempt => 500 * 2 ** attempt,
      },
      mutations: { networkMode: 'always' },
    },
  })
}

interface AnswerOptions {
  enabled?: boolean
  refetchInterval?: number | false
  /** Whether it is what the reader looks at first: the other questions wait for its answer. */
  isFirst?: boolean
}

/** Asks for an answer and keeps it up to date. Its key is the question, so that equal questions are asked once. */
export function useAnswer<Answer>(
  path: string,
  parameters: Parameters = {},
  { isFirst = false, ...options }: AnswerOptions = {},
): UseQueryResult<Answer, Error> {
  const inTurn = isFirst ? asFirst : afterFirst
  return useQuery<Answer, Error>({
    queryKey: [path, parameters],
    queryFn: ({ signal }) => inTurn(() => ask<Answer>(path, parameters, signal)),
    ...options,
  })
}

/** Whether the same question may be answered a moment later. */
function isPassing(error: Error): boolean {
  return error instanceof RequestError && [UNREACHABLE, 429, 502, 503, 504].includes(error.status)
}
