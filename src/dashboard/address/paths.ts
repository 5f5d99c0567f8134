/** The addresses of the pages. */
import { useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { PagePaths } from '../../http/page-paths.ts'
import { addressWith, type Changes } from './parameters.ts'

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

/** The id or the key that the path of this page ends with. */
export function useEntityId(): string {
  // Where it changes, so does what this gives.
  useLocation()
  return lastPart(location.pathname)
}

/** The last part of a path, decoded; the router leaves `%2F`, `%3D` and the like in what it gives. */
export function lastPart(path: string): string {
  const written = path.slice(path.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(written)
  } catch {
    // A per cent sign that somebody typed.
    return written
  }
}

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
