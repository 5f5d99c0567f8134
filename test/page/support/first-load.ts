/** How many compressed bytes the first visit of a page takes: what is shown first, its charts, and the answers of the API. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CDPSession } from 'playwright-core'

const MANIFEST = join(import.meta.dirname, '../../../build/dashboard/.vite/manifest.json')

export interface LoadedBytes {
  /** HTML, scripts, styles and pictures of the page itself. */
  page: number
  /** The file that draws charts, and its style: it comes after the page. */
  charts: number
  api: number
}

/** Counts from now on what the browser receives; covers come from another host and are not counted. */
export async function countBytes(session: CDPSession, url: string): Promise<LoadedBytes> {
  const charts = chartFiles()
  const bytes: LoadedBytes = { page: 0, charts: 0, api: 0 }
  const paths = new Map<string, string>()
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.startsWith(`${url}/`)) paths.set(requestId, new URL(response.url).pathname)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId)
    if (path === undefined) return
    if (path.startsWith('/api/') || path === '/healthz') bytes.api += encodedDataLength
    else if (charts.has(path)) bytes.charts += encodedDataLength
    else bytes.page += encodedDataLength
  })
  await session.send('Network.enable')
  return bytes
}

interface BuiltFile {
  file: string
  css?: string[]
}

/** The paths of what draws charts, as the build names them. */
function chartFiles(): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, BuiltFile>
  const { file, css = [] } = manifest['graphs/time-graph/plot.tsx']!
  return new Set([file, ...css].map(name => `/${name}`))
}
