/** The paths of the dashboard, for the service, which answers each with the page, and for the page's router. */
export const PAGE_PATHS = [
  '/',
  '/artist/:id',
  '/track/:key',
  '/album/:id',
  '/charts',
  '/recommendations',
  '/alerts',
  '/system',
] as const

/** For the router: a record with these keys has all paths of the page and no other. */
export type PagePath = (typeof PAGE_PATHS)[number]
