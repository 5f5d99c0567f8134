/** Settings of the catalogue (the platform's content service), and of the cache of what it answers. */
import { isHost, parseOrigin } from './hosts.ts'
import type { Parsed, SettingsReader } from './settings-reader.ts'

export interface CatalogueSettings {
  /** What comes before `/api`; null: no enrichment. */
  contentServiceUrl: string | null
  /** From where the dashboard may load covers. */
  coverOrigins: readonly string[]
  enrichBudgetMs: number
  contentLookupsPerMinute: number
  cacheMaxSize: number
  cacheDefaultTtlMs: number
}

export function readCatalogue(read: SettingsReader): CatalogueSettings {
  const contentServiceUrl = read.parsed('CONTENT_SERVICE_URL', parseServiceUrl)
  return {
    contentServiceUrl,
    coverOrigins: read.list('COVER_ORIGINS', parseCoverOrigin, originsOf(contentServiceUrl)),
    enrichBudgetMs: read.integer('ENRICH_BUDGET_MS', 1500, 0, 60_000),
    contentLookupsPerMinute: read.integer('CONTENT_LOOKUPS_PER_MINUTE', 60, 1, 100_000),
    cacheMaxSize: read.integer('CACHE_MAX_SIZE', 500, 1, 1_000_000),
    cacheDefaultTtlMs: read.integer('CACHE_DEFAULT_TTL', 3600, 1, 31_536_000) * 1000,
  }
}

const URL_RULE =
  'must be a URL with http:// or https:// and a host, its port from 1 to 65535, without a query or a password'

function parseServiceUrl(text: string): Parsed<string> {
  const url = URL.parse(text)
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password
  const host = /^https?:\/\/(\[[^\]]*\]|[^/:]*)/i.exec(text)?.[1]?.replace(/^\[|\]$/g, '')
  const isReachable = url && url.port !== '0' && host !== undefined && isHost(host)
  return isPlain && isReachable ? { value: text.replace(/\/+$/, '').replace(/\/api$/, '') } : { rule: URL_RULE }
}

/** A content security policy knows names and IPv4 addresses, and no IPv6 address. */
function parseCoverOrigin(text: string): Parsed<string> {
  const origin = parseOrigin(text)
  if ('rule' in origin || isHost(new URL(origin.value).hostname)) return origin
  return { rule: `holds ${JSON.stringify(text)}: covers need a host that is a name or an IPv4 address` }
}

/** The origin of the catalogue, for its covers are beside it; none where a page can't name it. */
function originsOf(contentServiceUrl: string | null): string[] {
  if (contentServiceUrl === null) return []
  const parsed = parseCoverOrigin(new URL(contentServiceUrl).origin)
  return 'value' in parsed ? [parsed.value] : []
}
