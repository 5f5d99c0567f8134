/** How the dashboard is built: `src/dashboard/` becomes `build/dashboard/`, which the service serves. */
import { readFile } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const ROOT = join(import.meta.dirname, 'src/dashboard')

/** Fails the build where code of the service would get into the page, which may take its types alone. */
const onlyThePage: Plugin = {
  name: 'only-the-page',
  generateBundle() {
    const files = [...this.getModuleIds()].filter(id => isAbsolute(id) && !id.includes('/node_modules/'))
    const foreign = files.filter(file => !file.startsWith(ROOT + sep))
    if (foreign.length > 0) this.error(`the page must not contain ${foreign.join(', ')}: import its types only`)
  },
}

/** What all pages or most of them need, with the libraries that it needs itself. */
const SHARED = [
  /src\/dashboard\/(address|kpis|language|layout|most-played|parts|rankings|recommendations|releases|requests|memoize)\b/,
  // The drawing of time graphs is apart, for it brings uPlot.
  /src\/dashboard\/graphs\/(?!time-graph\/plot\/)/,
]
/** What comes when it is used. */
const LATER = /src\/dashboard\/layout\/(search\/|menu\.tsx|[a-z-]+-(menu|dialog)\.tsx|dialog\.tsx)/

const BEFORE_PAINT = 'before-paint.js'

/** A small script that sets the colours first, in a file of its own: the policy allows none inside the page, and Vite leaves out what is no module. */
const scriptBeforePaint: Plugin = {
  name: 'script-before-paint',
  async generateBundle() {
    const source = await readFile(join(ROOT, 'theme', BEFORE_PAINT), 'utf8')
    this.emitFile({ type: 'asset', name: BEFORE_PAINT, source })
  },
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle = {} }) {
      const built = Object.values(bundle).find(file => file.type === 'asset' && file.names.includes(BEFORE_PAINT))
      const src = `/${built?.fileName ?? `theme/${BEFORE_PAINT}`}`
      return [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }]
    },
  },
}

export default defineConfig({
  root: ROOT,
  plugins: [react(), onlyThePage, scriptBeforePaint],
  build: {
    outDir: '../../build/dashboard',
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2023',
    // A file inside a page or a style would be refused by the content security policy.
    assetsInlineLimit: 0,
    // The list of files by name, of which the page test reads what the first load takes. It is not served.
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What most pages need is one file. By itself, it would become some twenty, each with a request of its own.
          groups: [{ name: 'shared', test: id => SHARED.some(each => each.test(id)) && !LATER.test(id) }],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': 'http://localhost:5002',
      '/healthz': 'http://localhost:5002',
      '/metrics': 'http://localhost:5002',
    },
  },
})
