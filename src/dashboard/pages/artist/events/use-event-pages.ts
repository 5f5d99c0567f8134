/** The counted events of an artist, page by page as far as the reader asks. */
import { useInfiniteQuery } from '@tanstack/react-query'
import type { CountedEventPage } from '../../../../http/artist-events.ts'
import { ask, type Parameters } from '../../../requests/request.ts'

/** Pages that were read stay as they are: new events would move all rows. */
export function useEventPages(path: string, parameters: Parameters) {
  return useInfiniteQuery({
    queryKey: [path, 'pages', parameters],
    queryFn: ({ pageParam, signal }) => ask<CountedEventPage>(path, { ...parameters, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}
