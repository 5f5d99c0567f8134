/** Which folder of `src` may import which: `npm run lint` refuses every other import, and every circle. */

/** The folders, the lowest layer first: each may import those before it in this list, and never one after it. */
const LAYERS = [
  'identity',
  'concurrency',
  'settings',
  'storage',
  'caching',
  'events',
  'attribution',
  'catalogue',
  'statistics',
  'search',
  'recommendations',
  'enrichment',
  'live',
  'definitions',
  'alerts',
  'ingestion',
  'facts',
  'data-files',
  'opening',
  'workers',
  'http',
  'cli',
]

/** They know the ports of the store, and never an engine behind them. */
const FEATURES = [
  'events',
  'attribution',
  'catalogue',
  'statistics',
  'recommendations',
  'enrichment',
  'live',
  'definitions',
  'alerts',
  'ingestion',
  'facts',
  'data-files',
]
/** What they count or keep is the same whatever the settings are: they are given what they need. */
const WITHOUT_SETTINGS = ['storage', 'events', 'attribution', 'statistics', 'facts']
const ENGINES = '^src/storage/(sqlite|duckdb|mongo)/'
/** What puts everything together. */
const WIRING = '^src/(app|questions|services|server|cli|shutdown)\\.ts$'

/** What browsers get. */
const DASHBOARD = '^src/dashboard/'
const PAGES = '^src/dashboard/pages/'

const folders = names => `^src/(${names.join('|')})/`

export default {
  forbidden: [
    { name: 'no circles of files', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no circles of folders', scope: 'folder', severity: 'error', from: {}, to: { circular: true } },
    ...LAYERS.slice(0, -1).map((layer, i) => ({
      name: `${layer} imports no higher layer`,
      severity: 'error',
      from: { path: folders([layer]) },
      to: { path: folders(LAYERS.slice(i + 1)) },
    })),
    {
      name: 'features know ports, not engines',
      severity: 'error',
      from: { path: folders(FEATURES) },
      to: { path: ENGINES },
    },
    {
      name: 'an engine knows the ports and nothing else of the service',
      severity: 'error',
      from: { path: ENGINES },
      to: { path: '^src/', pathNot: '^src/(storage|identity|concurrency)/|^src/[^/]+\\.ts$' },
    },
    {
      name: 'HTTP asks the services that it is given',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: `${ENGINES}|^src/(opening|workers|cli|data-files)/` },
    },
    {
      name: 'what is counted does not depend on settings',
      severity: 'error',
      from: { path: folders(WITHOUT_SETTINGS) },
      to: { path: '^src/settings/' },
    },
    {
      name: 'the service does not know the dashboard',
      severity: 'error',
      from: { path: '^src/', pathNot: DASHBOARD },
      to: { path: DASHBOARD },
    },
    {
      name: 'the dashboard takes types of the service and no code',
      severity: 'error',
      from: { path: DASHBOARD },
      to: { path: '^src/', pathNot: DASHBOARD, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'a page of the dashboard does not know another',
      severity: 'error',
      from: { path: `${PAGES}([^/]+)/` },
      to: { path: PAGES, pathNot: `${PAGES}$1/` },
    },
    {
      name: 'what pages are made of does not know pages',
      severity: 'error',
      from: { path: `${DASHBOARD}[^/]+/`, pathNot: PAGES },
      to: { path: PAGES },
    },
    {
      name: 'what pages are made of does not know what is around them',
      severity: 'error',
      from: { path: `${DASHBOARD}(address|graphs|language|parts|requests|theme)/` },
      to: { path: `${DASHBOARD}layout/` },
    },
    { name: 'folders do not know the wiring', severity: 'error', from: { path: '^src/[^/]+/' }, to: { path: WIRING } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    // It counts imports of types too. The compiler of TypeScript 7 has no parser that others can use.
    parser: 'swc',
  },
}
