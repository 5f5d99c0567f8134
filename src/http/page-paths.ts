/** The paths of the dashboard: the service answers each with the page, and the page's router knows the same, by the type. */
export const PAGE_PATHS = {
  overview: '/',
  artist: '/artist/:id',
  track: '/track/:key',
  album: '/album/:id',
  charts: '/charts',
  recommendations: '/recommendations',
  alerts: '/alerts',
  system: '/system',
} as const

export type PagePaths = typeof PAGE_PATHS
