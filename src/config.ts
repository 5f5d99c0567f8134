/** The settings: the only reader of the environment. */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import addressparser from 'nodemailer/lib/addressparser'
import { asciiAddress } from './alerts/address.ts'
import { currencyDecimals } from './events/money.ts'
import { parseRateLimits, type RateLimit } from './rate-limits.ts'
import { type Parsed, type SettingFault, SettingsReader } from './settings-reader.ts'
import { isWebToken } from './web-token.ts'

export interface SmtpConfig {
  host: string
  port: number
  user: string | null
  pass: string | null
  /** `verify`: certificates are proven; `insecure`: any is taken; `off`: nothing is encrypted. */
  tls: SmtpTls
}

/** Characters of a key. */
const MIN_KEY = 16

const SMTP_TLS = ['verify', 'insecure', 'off'] as const

type SmtpTls = (typeof SMTP_TLS)[number]

/** Who a mail is from. */
export interface Mailbox {
  name: string
  /** In ASCII. */
  address: string
}

/** The name that mails are from where `FROM_EMAIL` has none. */
const SENDER = 'UnderSounds'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export interface Config {
  host: string
  /** 0 lets the system choose a free port. */
  port: number
  corsOrigins: readonly string[]
  /** The embedded store's folder, or of this instance's replica of MongoDB's log. */
  dataDir: string
  /** What DuckDB may use for the figures: memory such as `192MB`, and threads. */
  figures: { memory: string; threads: number }
  /** null: the embedded store. */
  mongo: { uri: string; database: string } | null
  /** What comes before `/api`; null: no enrichment. */
  contentServiceUrl: string | null
  /** null: alerts are evaluated but not mailed. */
  smtp: SmtpConfig | null
  mailFrom: Mailbox
  cacheMaxSize: number
  cacheDefaultTtlMs: number
  shutdownTimeoutMs: number
  /** ISO 4217, upper case. */
  defaultCurrency: string
  playMinMs: number
  enrichBudgetMs: number
  contentLookupsPerMinute: number
  deadLetterMax: number
  /** Whose `X-Forwarded-For` is believed: nobody's, everybody's, that many hops, or these addresses. */
  trustProxy: boolean | number | string[]
  /** All of them hold at once; empty: no limit. */
  rateLimitDefault: readonly RateLimit[]
  rateLimitStrict: readonly RateLimit[]
  /** May write events. Empty, and `adminApiKeys` too: nothing needs a key. */
  ingestApiKeys: readonly string[]
  /** May do everything. */
  adminApiKeys: readonly string[]
  /** Whether figures, rankings and recommendations need no key. */
  publicReads: boolean
  logLevel: (typeof LOG_LEVELS)[number]
}

/** Settings that break rules; the message names all of them. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly faults: readonly SettingFault[]

  constructor(faults: readonly SettingFault[]) {
    super(`Wrong settings:\n${faults.map(fault => `  ${fault.setting} ${fault.rule}`).join('\n')}`)
    this.faults = faults
  }
}

/**
 * Reads and checks all settings. An empty value is the same as none. Without an argument, the file `.env` of the
 * working directory fills in what the environment does not set.
 * @throws ConfigError naming every wrong setting and its rule.
 */
export function loadConfig(env?: NodeJS.ProcessEnv): Config {
  if (!env && existsSync('.env')) process.loadEnvFile('.env')
  const read = new SettingsReader(env ?? process.env)
  const config: Config = {
    ...readServer(read),
    ...readStore(read),
    ...readContent(read),
    ...readMail(read),
    ...readLimits(read),
    ...readAccess(read),
    logLevel: read.parsed('LOG_LEVEL', parseLogLevel) ?? 'info',
  }
  if (read.faults.length > 0) throw new ConfigError(read.faults)
  return config
}

function readServer(read: SettingsReader) {
  return {
    host: read.parsed('HOST', parseHost) ?? '127.0.0.1',
    port: read.integer('PORT', 5002, 0, 65_535),
    corsOrigins: read.list('CORS_ORIGINS', parseOrigin, ['http://localhost:3000', 'http://localhost:5173']),
    trustProxy: read.parsed('TRUST_PROXY', parseTrustProxy) ?? false,
    shutdownTimeoutMs: read.integer('SHUTDOWN_TIMEOUT', 30, 1, 3600) * 1000,
  }
}

function readStore(read: SettingsReader) {
  const uri = read.parsed('MONGO_URI', parseMongoUri)
  const database = read.parsed('DB_NAME', parseDatabaseName)
  return {
    dataDir: read.text('DATA_DIR') ?? './data',
    figures: {
      memory: read.parsed('FIGURES_MEMORY', parseMemory) ?? '192MB',
      threads: read.integer('FIGURES_THREADS', Math.min(4, availableParallelism()), 1, 64),
    },
    mongo: uri && { uri: uri.text, database: uri.database ?? database ?? 'undersounds_stats' },
    defaultCurrency: read.parsed('DEFAULT_CURRENCY', parseCurrency) ?? 'EUR',
    playMinMs: Math.round(read.decimal('PLAY_MIN_SECONDS', 30, 0, 86_400) * 1000),
    deadLetterMax: read.integer('DEAD_LETTER_MAX', 10_000, 1, 10_000_000),
  }
}

function readContent(read: SettingsReader) {
  return {
    contentServiceUrl: read.parsed('CONTENT_SERVICE_URL', parseServiceUrl),
    enrichBudgetMs: read.integer('ENRICH_BUDGET_MS', 1500, 0, 60_000),
    contentLookupsPerMinute: read.integer('CONTENT_LOOKUPS_PER_MINUTE', 60, 1, 100_000),
    cacheMaxSize: read.integer('CACHE_MAX_SIZE', 500, 1, 1_000_000),
    cacheDefaultTtlMs: read.integer('CACHE_DEFAULT_TTL', 3600, 1, 31_536_000) * 1000,
  }
}

function readMail(read: SettingsReader): Pick<Config, 'smtp' | 'mailFrom'> {
  const host = read.parsed('SMTP_HOST', parseHost)
  const port = read.integer('SMTP_PORT', 587, 1, 65_535)
  const user = read.text('SMTP_USER')
  const pass = read.text('SMTP_PASS')
  if (user !== null && pass === null) read.fault('SMTP_PASS', 'is needed because SMTP_USER is set')
  if (user === null && pass !== null) read.fault('SMTP_USER', 'is needed because SMTP_PASS is set')
  const tls = read.parsed('SMTP_TLS', parseSmtpTls) ?? 'verify'
  if (tls === 'off' && user !== null) {
    read.fault('SMTP_TLS', 'must not be off where SMTP_USER is set: the password would be sent for everybody to read')
  }
  return {
    smtp: host === null ? null : { host, port, user, pass, tls },
    mailFrom: read.parsed('FROM_EMAIL', parseMailbox) ?? { name: SENDER, address: 'no-reply@undersounds.local' },
  }
}

function readLimits(read: SettingsReader): Pick<Config, 'rateLimitDefault' | 'rateLimitStrict'> {
  return {
    rateLimitDefault: read.parsed('RATE_LIMIT_DEFAULT', parseRateLimits) ?? [{ max: 6000, windowMs: 60_000 }],
    rateLimitStrict: read.parsed('RATE_LIMIT_STRICT', parseRateLimits) ?? [{ max: 60, windowMs: 60_000 }],
  }
}

function readAccess(read: SettingsReader): Pick<Config, 'ingestApiKeys' | 'adminApiKeys' | 'publicReads'> {
  const faultsBefore = read.faults.length
  const ingestApiKeys = read.list('INGEST_API_KEYS', parseKey)
  const adminApiKeys = read.list('ADMIN_API_KEYS', parseKey)
  const publicReads = read.parsed('PUBLIC_READS', parseSwitch) ?? true
  const areRead = read.faults.length === faultsBefore
  if (adminApiKeys.some(key => ingestApiKeys.includes(key))) {
    read.fault('ADMIN_API_KEYS', 'must not hold a key of INGEST_API_KEYS: who writes events could do everything')
  }
  if (areRead && !publicReads && ingestApiKeys.length + adminApiKeys.length === 0) {
    read.fault('PUBLIC_READS', 'must not be off without ADMIN_API_KEYS: without any key, everything is open')
  }
  return { ingestApiKeys, adminApiKeys, publicReads }
}

function parseMongoUri(text: string): Parsed<{ text: string; database: string | null }> {
  const match = /^mongodb(?:\+srv)?:\/\/[^/?\s]+(?:\/([^?\s]*))?(?:\?\S*)?$/.exec(text)
  if (!match) {
    return {
      rule: 'must begin with mongodb:// or mongodb+srv:// and name a host; leave it empty for the embedded store',
    }
  }
  if (!match[1]) return { value: { text, database: null } }
  const named = parseDatabaseName(match[1])
  return 'rule' in named ? { rule: `names a database that ${named.rule}` } : { value: { text, database: named.value } }
}

/** MongoDB's own rule. */
function parseDatabaseName(text: string): Parsed<string> {
  return /^[^\s/\\."$*<>:|?]{1,63}$/.test(text)
    ? { value: text }
    : { rule: 'must be 1 to 63 characters without spaces and / \\ . " $ * < > : | ?' }
}

/** DuckDB fails by itself below some 64 MB. */
function parseMemory(text: string): Parsed<string> {
  const [, amount, unit] = /^(\d{1,6})\s*([MG])I?B$/i.exec(text) ?? []
  const megabytes = Number(amount) * (unit?.toUpperCase() === 'G' ? 1_000 : 1)
  return megabytes >= 64
    ? { value: `${megabytes}MB` }
    : { rule: 'must be an amount of memory from 64MB on, such as 192MB or 2GB' }
}

function parseHost(text: string) {
  return /^[\w.:-]+$/.test(text) ? { value: text } : { rule: 'must be a host name or an IP address' }
}

function parseOrigin(text: string) {
  const url = URL.parse(text)
  const plain = url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '').toLowerCase() === url.origin
  return plain
    ? { value: url.origin }
    : { rule: `holds ${JSON.stringify(text)}: not an origin like http://localhost:3000` }
}

function parseServiceUrl(text: string) {
  const url = URL.parse(text)
  const plain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash
  return plain
    ? { value: text.replace(/\/+$/, '').replace(/\/api$/, '') }
    : { rule: 'must be a URL with http:// or https://, without a query' }
}

function parseSwitch(text: string): Parsed<boolean> {
  if (/^(on|true|yes)$/i.test(text)) return { value: true }
  if (/^(off|false|no)$/i.test(text)) return { value: false }
  return { rule: 'must be on or off' }
}

function parseTrustProxy(text: string): Parsed<Config['trustProxy']> {
  const onOrOff = parseSwitch(text)
  if ('value' in onOrOff) return onOrOff
  if (/^\d{1,2}$/.test(text)) return { value: Number(text) }
  const addresses = text.split(',').map(address => address.trim())
  return addresses.every(address => /^(loopback|linklocal|uniquelocal|[\da-f.:]+(\/\d{1,3})?)$/i.test(address))
    ? { value: addresses }
    : { rule: 'must be on, off, a number of hops, or a comma-separated list of addresses and networks' }
}

function parseCurrency(text: string) {
  const code = text.toUpperCase()
  return currencyDecimals(code) !== undefined
    ? { value: code }
    : { rule: 'must be a currency code of ISO 4217, such as EUR' }
}

function parseSmtpTls(text: string): Parsed<SmtpTls> {
  const tls = SMTP_TLS.find(known => known === text.toLowerCase())
  return tls ? { value: tls } : { rule: `must be one of ${SMTP_TLS.join(', ')}` }
}

/** An address, or `Name <address>`; a name may be quoted. */
function parseMailbox(text: string): Parsed<Mailbox> {
  const [mailbox, ...others] = text.endsWith('>')
    ? addressparser(text, { flatten: true })
    : [{ name: '', address: text }]
  const address = asciiAddress(mailbox?.address ?? '')
  if (!mailbox || address === null || others.length > 0 || /[<>]/.test(mailbox.name) || /\p{Cc}/u.test(text)) {
    return { rule: 'must be one e-mail address, or Name <address>, with ASCII alone before the @' }
  }
  return { value: { name: mailbox.name || SENDER, address } }
}

/** The rules name no key: messages end up in logs. */
function parseKey(text: string): Parsed<string> {
  if (!/^[\x21-\x7e]+$/.test(text)) return { rule: 'must hold keys of visible ASCII characters, without spaces' }
  if (text.length < MIN_KEY) return { rule: `holds a key of less than ${MIN_KEY} characters, which could be guessed` }
  if (isWebToken(text)) return { rule: 'holds a JSON Web Token, which is not taken for a key' }
  return { value: text }
}

/** The names that Python's logging has for levels of ours. */
const PYTHON_LEVELS = new Map<string, Config['logLevel']>([
  ['critical', 'fatal'],
  ['warning', 'warn'],
  ['notset', 'trace'],
])

function parseLogLevel(text: string): Parsed<Config['logLevel']> {
  const name = text.toLowerCase()
  const level = LOG_LEVELS.find(known => known === name) ?? PYTHON_LEVELS.get(name)
  return level ? { value: level } : { rule: `must be one of ${LOG_LEVELS.join(', ')}` }
}
