/** Settings of the connection to MongoDB. */
import { createRequire } from 'node:module'
import { HOST_RULE, isHost } from './hosts.ts'
import type { Parsed, SettingsReader } from './settings-reader.ts'

/** null where `MONGO_URI` is not set. */
export function readMongo(read: SettingsReader): { uri: string; database: string } | null {
  const uri = read.parsed('MONGO_URI', parseUri)
  const database = read.parsed('DB_NAME', parseDatabaseName)
  return uri && { uri: uri.text, database: uri.database ?? database ?? 'undersounds_stats' }
}

function parseUri(text: string): Parsed<{ text: string; database: string | null }> {
  const match = /^mongodb(?:\+srv)?:\/\/[^/?\s]+(?:\/([^?\s]*))?(?:\?\S*)?$/.exec(text)
  if (!match) {
    return {
      rule: 'must begin with mongodb:// or mongodb+srv:// and name a host; leave it empty for the embedded store',
    }
  }
  const fault = uriFault(text)
  if (fault !== null) return { rule: fault }
  if (!match[1]) return { value: { text, database: null } }
  const named = parseDatabaseName(match[1])
  return 'rule' in named ? { rule: `names a database that ${named.rule}` } : { value: { text, database: named.value } }
}

/** What the driver says of a URI. */
interface MongoDriver {
  MongoClient: new (uri: string) => { options: { hosts: { host?: string; socketPath?: string }[]; srvHost?: string } }
}

/** Why the driver, which is loaded only where there is a URI, does not take it; it does not connect. */
function uriFault(uri: string): string | null {
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

/** Some of the driver's messages repeat the URI, with its name and password. */
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
