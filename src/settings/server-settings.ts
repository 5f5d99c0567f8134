/** Settings of the HTTP server and of the log. */
import { BlockList, isIP } from 'node:net'
import { parseHost, parseOrigin } from './hosts.ts'
import { type Parsed, parseSwitch, type SettingsReader } from './settings-reader.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

type LogLevel = (typeof LOG_LEVELS)[number]

export interface ServerSettings {
  host: string
  /** 0 lets the system choose a free port. */
  port: number
  corsOrigins: readonly string[]
  /** Whether `X-Forwarded-For` is trusted: never, always, for that many hops, or from these addresses. */
  trustProxy: boolean | number | string[]
  shutdownTimeoutMs: number
  logLevel: LogLevel
}

export function readServer(read: SettingsReader): ServerSettings {
  return {
    host: read.parsed('HOST', parseHost) ?? '127.0.0.1',
    port: read.integer('PORT', 5002, 0, 65_535),
    corsOrigins: read.list('CORS_ORIGINS', parseOrigin, ['http://localhost:3000', 'http://localhost:5173']),
    trustProxy: read.parsed('TRUST_PROXY', parseTrustProxy) ?? false,
    shutdownTimeoutMs: read.integer('SHUTDOWN_TIMEOUT', 30, 1, 3600) * 1000,
    logLevel: read.parsed('LOG_LEVEL', parseLogLevel) ?? 'info',
  }
}

function parseTrustProxy(text: string): Parsed<ServerSettings['trustProxy']> {
  const onOrOff = parseSwitch(text)
  if ('value' in onOrOff) return onOrOff
  if (/^\d{1,2}$/.test(text)) return { value: Number(text) }
  const addresses = text.split(',').map(address => address.trim())
  const wrong = addresses.find(address => !PROXY_GROUPS.includes(address) && !isNetwork(address))
  if (wrong === undefined) return { value: addresses }
  const list = 'a comma-separated list of addresses and networks'
  return { rule: `must be on, off, a number of hops, or ${list}, which ${JSON.stringify(wrong)} is not` }
}

/** The groups of addresses that Fastify has names for. */
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

/** The names of levels in Python's logging that differ from ours. */
const PYTHON_LEVELS = new Map<string, LogLevel>([
  ['critical', 'fatal'],
  ['warning', 'warn'],
  ['notset', 'trace'],
])

function parseLogLevel(text: string): Parsed<LogLevel> {
  const name = text.toLowerCase()
  const level = LOG_LEVELS.find(known => known === name) ?? PYTHON_LEVELS.get(name)
  return level ? { value: level } : { rule: `must be one of ${LOG_LEVELS.join(', ')}` }
}
