/** The settings: the only reader of the environment. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { BlockList, isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { domainToASCII } from 'node:url'
import addressparser from 'nodemailer/lib/addressparser'
import { currencyDecimals } from '../events/money.ts'
import { folderFault } from '../files.ts'
import { asciiAddress } from '../identity/email-address.ts'
import { isLoopback } from './loopback.ts'
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

/** `any` address; only the one that the `catalogue` has for the artist; or addresses of exactly these domains, in ASCII. */
export type RecipientRule = 'any' | 'catalogue' | readonly string[]

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
  /** Whom a request for an alert may name without an admin key. */
  alertRecipients: RecipientRule
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
  if (!env) loadEnvFile()
  const read = new SettingsReader(env ?? process.env)
  const server = readServer(read)
  const config: Config = {
    ...server,
    ...readStore(read),
    ...readContent(read),
    ...readMail(read),
    alertRecipients: readAlertRecipients(read, server.host),
    ...readLimits(read),
    ...readAccess(read),
    logLevel: read.parsed('LOG_LEVEL', parseLogLevel) ?? 'info',
  }
  if (read.faults.length > 0) throw new ConfigError(read.faults)
  return config
}

/** @throws ConfigError where the file can't be read */
function loadEnvFile(): void {
  if (!existsSync('.env')) return
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    throw new ConfigError([{ setting: '.env', rule: `must be a file that can be read: ${(error as Error).message}` }])
  }
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
    dataDir: read.parsed('DATA_DIR', parseFolder) ?? './data',
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

function readAlertRecipients(read: SettingsReader, host: string): RecipientRule {
  // The old service's script client, which is on the same machine, names its address.
  return read.parsed('ALERT_RECIPIENTS', parseRecipients) ?? (isLoopback(host) ? 'any' : 'catalogue')
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

/** What the driver makes of a URI. */
interface MongoDriver {
  MongoClient: new (uri: string) => { options: { hosts: { host?: string; socketPath?: string }[]; srvHost?: string } }
}

/** The driver judges the URI, without connecting; it is loaded only where there is one. */
function parseMongoUri(text: string): Parsed<{ text: string; database: string | null }> {
  const match = /^mongodb(?:\+srv)?:\/\/[^/?\s]+(?:\/([^?\s]*))?(?:\?\S*)?$/.exec(text)
  if (!match) {
    return {
      rule: 'must begin with mongodb:// or mongodb+srv:// and name a host; leave it empty for the embedded store',
    }
  }
  const fault = mongoUriFault(text)
  if (fault !== null) return { rule: fault }
  if (!match[1]) return { value: { text, database: null } }
  const named = parseDatabaseName(match[1])
  return 'rule' in named ? { rule: `names a database that ${named.rule}` } : { value: { text, database: named.value } }
}

function mongoUriFault(uri: string): string | null {
  const { MongoClient } = createRequire(import.meta.url)('mongodb') as MongoDriver
  try {
    const { hosts, srvHost } = new MongoClient(uri).options
    const names = srvHost === undefined ? hosts.map(({ host }) => host ?? '') : [srvHost]
    const isSocket = hosts.some(({ socketPath }) => socketPath !== undefined)
    const wrong = isSocket ? undefined : names.find(name => !isHost(name))
    return wrong === undefined ? null : `names a host that ${HOST_RULE}: ${JSON.stringify(wrong)}`
  } catch (error) {
    return `is refused by MongoDB's driver: ${withoutSecrets((error as Error).message, uri)}`
  }
}

/** A name and a password of the URI are shown to nobody. */
function withoutSecrets(message: string, uri: string): string {
  const hasUser = uri.includes('@')
  return hasUser && /Unable to parse/.test(message) ? 'a host or its port is wrong' : message
}

/** MongoDB's own rule. */
function parseDatabaseName(text: string): Parsed<string> {
  return /^[^\s\p{Cc}/\\."$*<>:|?%]+$/u.test(text) && Buffer.byteLength(text) <= 63
    ? { value: text }
    : { rule: 'must be 1 to 63 bytes without spaces and / \\ . " $ * < > : | ? %' }
}

/** SQLite takes 512 bytes, and the files in the folder have names too. */
const LONGEST_PATH = 400

function parseFolder(text: string): Parsed<string> {
  if (text.includes('\0')) return { rule: 'must not contain a NUL character' }
  const path = resolve(text)
  if (Buffer.byteLength(path) > LONGEST_PATH) return { rule: `must be ${LONGEST_PATH} bytes long at most, in full` }
  const fault = folderFault(path)
  return fault === null ? { value: text } : { rule: fault }
}

/** DuckDB fails by itself below some 64 MB. */
function parseMemory(text: string): Parsed<string> {
  const [, amount, unit] = /^(\d{1,6})\s*([MG])I?B$/i.exec(text) ?? []
  const megabytes = Number(amount) * (unit?.toUpperCase() === 'G' ? 1_000 : 1)
  return megabytes >= 64
    ? { value: `${megabytes}MB` }
    : { rule: 'must be an amount of memory from 64MB on, such as 192MB or 2GB' }
}

const HOST_RULE = 'must be an IP address or a host name, without a port and without brackets'

function parseHost(text: string): Parsed<string> {
  return isHost(text) ? { value: text } : { rule: HOST_RULE }
}

/** `1.2.3` is none: it would be taken for 1.2.0.3. */
function isHost(text: string): boolean {
  if (isIP(text)) return true
  const name = domainToASCII(text)
  const isName = /^(?!-)[\w-]{1,63}(\.[\w-]{1,63})*\.?$/.test(name) && name.length <= 253
  // What has a meaning in URLs is left out there.
  return isName && !isIP(name) && !/[/?#@:\\%]/.test(text)
}

function parseOrigin(text: string) {
  const url = URL.parse(text)
  const plain = url && /^https?:$/.test(url.protocol) && text.replace(/\/$/, '').toLowerCase() === url.origin
  return plain
    ? { value: url.origin }
    : { rule: `holds ${JSON.stringify(text)}: not an origin like http://localhost:3000` }
}

function parseServiceUrl(text: string): Parsed<string> {
  const url = URL.parse(text)
  const plain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password
  const written = /^https?:\/\/(\[[^\]]*\]|[^/:]*)/i.exec(text)?.[1]?.replace(/^\[|\]$/g, '')
  const isReachable = url && url.port !== '0' && written !== undefined && isHost(written)
  return plain && isReachable
    ? { value: text.replace(/\/+$/, '').replace(/\/api$/, '') }
    : {
        rule: 'must be a URL with http:// or https:// and a host, its port from 1 to 65535, without a query or a password',
      }
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
  const wrong = addresses.find(address => !PROXY_GROUPS.includes(address) && !isNetwork(address))
  return wrong === undefined
    ? { value: addresses }
    : {
        rule: `must be on, off, a number of hops, or a comma-separated list of addresses and networks, which ${JSON.stringify(wrong)} is not`,
      }
}

/** What Fastify has names for. */
const PROXY_GROUPS = ['loopback', 'linklocal', 'uniquelocal']

/** An address, or one with the length of its prefix: `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return false
  if (prefix === undefined) return true
  try {
    new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6')
    return Number(prefix) > 0
  } catch {
    return false
  }
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

function parseRecipients(text: string): Parsed<RecipientRule> {
  const word = text.toLowerCase()
  if (word === 'any' || word === 'catalogue') return { value: word }
  const domains = text.split(',').map(domain => asciiAddress(`x@${domain.trim()}`)?.slice(2) ?? '')
  // A single word that is no domain is a mistyped one of the two.
  return domains.every(domain => domain.includes('.') || domain === 'localhost')
    ? { value: domains }
    : { rule: 'must be any, catalogue, or a comma-separated list of domains, such as undersounds.com, example.org' }
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
