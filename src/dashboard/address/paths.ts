/** The addresses of the pages. */
import { useMemo } from 'react'
import { useSearch } from 'wouter'
import type { PagePaths } from '../../http/page-paths.ts'
import { addressWith, type Changes } from '../address/parameters.ts'

/** As the service has them, which answers only these with the page. */
export const PATHS: PagePaths = {
  overview: '/',
  artist: '/artist/:id',
  track: '/track/:key',
  album: '/album/:id',
  charts: '/charts',
  recommendations: '/recommendations',
  alerts: '/alerts',
  system: '/system',
}

/** The pages that the navigation names. */
export const NAVIGATION = ['overview', 'charts', 'recommendations', 'alerts', 'system'] as const

/** What stays the same from page to page: the range of time, what it is compared with, and the zone. */
const KEPT = ['range', 'from', 'to', 'compare', 'tz']

export type Linked = 'artist' | 'album' | 'track'

/** A function that gives the address of a page with the range of time of this one. */
export function useLinks() {
  const search = useSearch()
  return useMemo(() => {
    const now = new URLSearchParams(search)
    const kept = new URLSearchParams([...now].filter(([name]) => KEPT.includes(name)))
    return {
      /** `own` are parameters of that page. */
      page: (page: (typeof NAVIGATION)[number], own: Changes = {}) => addressWith(PATHS[page], kept, own),
      entity: (kind: Linked, id: string) => addressWith(`/${kind}/${encodeURIComponent(id)}`, kept, {}),
    }
  }, [search])
}
