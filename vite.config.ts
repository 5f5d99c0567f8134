/** How the dashboard is built: `src/dashboard/` becomes `build/dashboard/`, which the service serves. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/dashboard',
  plugins: [react()],
  build: {
    outDir: '../../build/dashboard',
    emptyOutDir: true,
    assetsDir: 'assets',
    target: 'es2023',
    // A file inside a page or a style would be refused by the content security policy.
    assetsInlineLimit: 0,
    // The list of files by name, of which the service and the page test read what the first load takes.
    manifest: true,
  },
  server: {
    proxy: {
      '/api': 'http://localhost:5002',
      '/healthz': 'http://localhost:5002',
      '/metrics': 'http://localhost:5002',
    },
  },
})
