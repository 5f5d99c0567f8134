/** Settings of who may call the service, and how often. */
import { MINUTE_MS } from '../units.ts'
import { parseRateLimits, type RateLimit } from './rate-limits.ts'
import { type Parsed, parseSwitch, type SettingsReader } from './settings-reader.ts'

export interface AccessSettings {
  /** All of them apply at once; empty: no limit. */
  rateLimitDefault: readonly RateLimit[]
  rateLimitStrict: readonly RateLimit[]
  /** They may write events. Where these and `adminApiKeys` are empty, nothing needs a key. */
  ingestApiKeys: readonly string[]
  /** They may do everything. */
  adminApiKeys: readonly string[]
  /** Whether figures, rankings and recommendations need no key. */
  publicReads: boolean
}

export function readAccess(read: SettingsReader): AccessSettings {
  return {
    rateLimitDefault: read.parsed('RATE_LIMIT_DEFAULT', parseRateLimits) ?? [{ max: 6000, windowMs: MINUTE_MS }],
    rateLimitStrict: read.parsed('RATE_LIMIT_STRICT', parseRateLimits) ?? [{ max: 60, windowMs: MINUTE_MS }],
    ...readKeys(read),
  }
}

function readKeys(read: SettingsReader): Pick<AccessSettings, 'ingestApiKeys' | 'adminApiKeys' | 'publicReads'> {
  const faultsBefore = read.faults.length
  const ingestApiKeys = read.list('INGEST_API_KEYS', parseKey)
  const adminApiKeys = read.list('ADMIN_API_KEYS', parseKey)
  const publicReads = read.parsed('PUBLIC_READS', parseSwitch) ?? true
  const areValid = read.faults.length === faultsBefore
  if (adminApiKeys.some(key => ingestApiKeys.includes(key))) {
    read.fault('ADMIN_API_KEYS', 'must not hold a key of INGEST_API_KEYS: who writes events could do everything')
  }
  if (areValid && !publicReads && ingestApiKeys.length + adminApiKeys.length === 0) {
    read.fault('PUBLIC_READS', 'must not be off without ADMIN_API_KEYS: without any key, everything is open')
  }
  return { ingestApiKeys, adminApiKeys, publicReads }
}

/** Characters of a key. */
const MIN_KEY = 16

/** The rules do not repeat the key: messages are written to logs. */
function parseKey(text: string): Parsed<string> {
  if (!/^[\x21-\x7e]+$/.test(text)) return { rule: 'must hold keys of visible ASCII characters, without spaces' }
  if (text.length < MIN_KEY) return { rule: `holds a key of less than ${MIN_KEY} characters, which could be guessed` }
  if (isWebToken(text)) return { rule: 'holds a JSON Web Token, which is not taken for a key' }
  return { value: text }
}

/**
 * Whether a text has the form of a JSON Web Token, as the platform's users have them: three parts in base64url, the first
 * of which begins as a JSON object does.
 */
export function isWebToken(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(text)
}
