/** How many compressed bytes the first visit of a page takes: what is shown first, its charts, and the answers of the API. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const MANIFEST = join(import.meta.dirname, '../../../build/dashboard/.vite/manifest.json')

export interface LoadedBytes {
  /** HTML, scripts, styles and pictures of the page itself. */
  page: number
  /** The file that draws charts, and its style: it comes after the page. */
  charts: number
  api: number
}

/** Counts from now on what the browser receives, without the heads of answers; covers come from another host and are not counted. */
export function countBytes(page: Page, url: string): () => Promise<LoadedBytes> {
  const charts = chartFiles()
  const sizes: Promise<{ path: string; bytes: number }>[] = []
  page.on('requestfinished', request => {
    if (!request.url().startsWith(`${url}/`)) return
    const path = new URL(request.url()).pathname
    // What the browser still had is said to have fewer bytes than none.
    sizes.push(request.sizes().then(({ responseBodySize }) => ({ path, bytes: Math.max(0, responseBodySize) })))
  })
  return async () => {
    const loaded: LoadedBytes = { page: 0, charts: 0, api: 0 }
    for (const { path, bytes } of await Promise.all(sizes)) loaded[partOf(path, charts)] += bytes
    return loaded
  }
}

function partOf(path: string, charts: ReadonlySet<string>): keyof LoadedBytes {
  if (path.startsWith('/api/') || path === '/healthz' || path === '/metrics') return 'api'
  return charts.has(path) ? 'charts' : 'page'
}

interface BuiltFile {
  file: string
  css?: string[]
}

/** The paths of what draws charts, as the build names them. */
function chartFiles(): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, BuiltFile>
  const { file, css = [] } = manifest['graphs/time-graph/plot/plot.tsx']!
  return new Set([file, ...css].map(name => `/${name}`))
}
