/** `GET /`: a page with links to the documents and to examples of every question. */
import type { FastifyInstance } from 'fastify'
import { staticRoute } from './static-route.ts'

const LINKS: readonly [href: string, title: string, text: string][] = [
  ['/api/docs', 'API documentation', 'Every route, to read and to try out.'],
  ['/api/openapi.yaml', 'OpenAPI document', 'The same for machines; also as <a href="/api/openapi.json">JSON</a>.'],
  ['/healthz', 'Health', 'The store, the catalogue, the mail server, the memory.'],
  ['/metrics', 'Metrics', 'What Prometheus reads.'],
  [
    '/api/stats/artist/4/kpis?interval=month',
    'KPIs of an artist',
    'Plays, listeners, likes, follows, orders by month.',
  ],
  ['/api/stats/trending?period=week&amp;limit=10', 'Trending', 'The most played tracks of the last seven days.'],
  ['/api/recommendations/user/u1', 'Recommendations', 'What a listener may like, and why.'],
  ['/api/stats/unattributed', 'Unattributed', 'Albums and names that are bound to no artist.'],
  ['/api/stats/alerts/history', 'Alerts', 'What artists were told, and whether it arrived.'],
]

const STYLE = `
  :root { color-scheme: light dark; --ink: #1b1b2f; --paper: #fbfaf7; --card: #fff; --line: #d9d5cc; --accent: #6b2fb3 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #ecebf3; --paper: #14131d; --card: #1e1c2b; --line: #3a3750; --accent: #c9a4ff }
  }
  * { box-sizing: border-box }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.6 system-ui, sans-serif }
  main { max-width: 60rem; margin: 0 auto; padding: clamp(1.5rem, 6vw, 5rem) 1.25rem }
  h1 { font-size: clamp(2rem, 6vw, 3.25rem); line-height: 1.1; letter-spacing: -0.02em; margin: 0 0 1rem }
  p.lead { max-width: 42rem; font-size: 1.2rem; margin: 0 0 2.5rem }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)) }
  li { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1.25rem }
  li p { margin: 0.25rem 0 0 }
  a { color: var(--accent); text-underline-offset: 0.2em }
  li > a { font-weight: 650; font-size: 1.1rem }
  a:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 0.2rem }
`

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>UnderSounds Stats</title>
<meta name="description" content="Statistics, charts and recommendations for a music platform of independent artists">
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>UnderSounds Stats</h1>
<p class="lead">Statistics for a music platform of independent artists: how an artist is doing, what is hot, what to hear next.</p>
<ul>
${LINKS.map(([href, title, text]) => `<li><a href="${href}">${title}</a><p>${text}</p></li>`).join('\n')}
</ul>
</main>
</body>
</html>
`

export function homeRoutes(app: FastifyInstance): void {
  staticRoute(app, '/', () => ({ type: 'text/html; charset=utf-8', body: PAGE }))
}
