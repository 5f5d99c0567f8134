import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import Fastify from 'fastify'
import { currencyDecimals } from '../currencies.ts'
import { type Config, ConfigError, loadConfig } from './config.ts'

const KEY = 'a-key-of-a-client'

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.faults.map(fault => fault.setting)
  }
  return []
}

/** Asserts that each of these values of a setting is its only fault, by this rule. */
function assertRefused(name: string, values: readonly string[], rule = /./): void {
  for (const value of values) {
    assert.deepEqual(faultsOf({ [name]: value }), [name], value)
    assert.throws(
      () => loadConfig({ [name]: value }),
      ({ message }: Error) => rule.test(message.replace(/^.*\n +/, '')),
      value,
    )
  }
}

/** What a setting is read as, for each text. */
const reading =
  <K extends keyof Config>(name: string, key: K) =>
  (text: string): Config[K] =>
    loadConfig({ [name]: text })[key]

test('the defaults are those of the contract', () => {
  assert.deepEqual(loadConfig({}), {
    host: '127.0.0.1',
    port: 5002,
    corsOrigins: ['http://localhost:3000', 'http://localhost:5173'],
    trustProxy: false,
    shutdownTimeoutMs: 30_000,
    dataDir: './data',
    figures: { memory: '192MB', threads: Math.min(4, availableParallelism()) },
    mongo: null,
    defaultCurrency: 'EUR',
    playMinMs: 30_000,
    deadLetterMax: 10_000,
    chartPlaysPerListener: 50,
    recommendationTrainingHours: 24,
    contentServiceUrl: null,
    coverOrigins: [],
    enrichBudgetMs: 1500,
    contentLookupsPerMinute: 60,
    cacheMaxSize: 500,
    cacheDefaultTtlMs: 3_600_000,
    smtp: null,
    mailFrom: { name: 'UnderSounds', address: 'no-reply@undersounds.local' },
    alertRecipients: 'any',
    rateLimitDefault: [{ max: 6000, windowMs: 60_000 }],
    rateLimitStrict: [{ max: 60, windowMs: 60_000 }],
    ingestApiKeys: [],
    adminApiKeys: [],
    publicReads: true,
    logLevel: 'info',
  })
})

test('requests may mail whom ALERT_RECIPIENTS names; without it, anybody where only this machine reaches the service', () => {
  const recipients = (env: NodeJS.ProcessEnv) => loadConfig(env).alertRecipients
  for (const HOST of ['127.0.0.1', '::1', 'localhost', '127.0.0.9']) assert.equal(recipients({ HOST }), 'any')
  for (const HOST of ['0.0.0.0', '::', '192.0.2.1', 'stats.example']) assert.equal(recipients({ HOST }), 'catalogue')
  assert.equal(recipients({ HOST: '0.0.0.0', ALERT_RECIPIENTS: 'Any' }), 'any')
  assert.equal(recipients({ ALERT_RECIPIENTS: 'catalogue' }), 'catalogue')
  const ALERT_RECIPIENTS = 'UnderSounds.com, ñandú.example'
  assert.deepEqual(recipients({ ALERT_RECIPIENTS }), ['undersounds.com', 'xn--and-6ma2c.example'])
  const wrong = ['catalog', 'any, example.org', ',', 'a@example.org', '*.example.org', 'example.org,']
  assertRefused('ALERT_RECIPIENTS', wrong)
})

test('every wrong setting is named at once, with its rule', () => {
  const env = {
    PORT: '70000',
    CORS_ORIGINS: 'http://ok.example,nonsense',
    COVER_ORIGINS: 'https://covers.example/assets',
    SHUTDOWN_TIMEOUT: 'soon',
    RATE_LIMIT_DEFAULT: '5/fortnight',
    DEFAULT_CURRENCY: 'EURO',
    LOG_LEVEL: 'loud',
    SMTP_USER: 'someone',
    CONTENT_SERVICE_URL: 'ftp://host',
    FROM_EMAIL: 'nobody',
    SMTP_TLS: 'perhaps',
    TRUST_PROXY: 'perhaps',
    INGEST_API_KEYS: 'a key of many words',
    PUBLIC_READS: 'perhaps',
  }
  assert.deepEqual(faultsOf(env).sort(), [...Object.keys(env).filter(name => name !== 'SMTP_USER'), 'SMTP_PASS'].sort())
  assert.throws(() => loadConfig(env), /Wrong settings:\n(.|\n)*PORT must be a whole number from 0 to 65535/)
})

test('the database is named by the URI, else by DB_NAME, else undersounds_stats', () => {
  const mongo = (env: NodeJS.ProcessEnv) => loadConfig(env).mongo
  assert.equal(mongo({}), null)
  assert.equal(mongo({ MONGO_URI: 'mongodb://a,b:27018/?replicaSet=r' })?.database, 'undersounds_stats')
  assert.equal(mongo({ MONGO_URI: 'mongodb://u:p@localhost', DB_NAME: 'named' })?.database, 'named')
  const uri = 'mongodb+srv://h/x?w=1'
  assert.deepEqual(mongo({ MONGO_URI: uri, DB_NAME: 'named' }), { uri, database: 'x' })
  assertRefused('MONGO_URI', ['localhost'], /^MONGO_URI must begin with mongodb:/)
  assertRefused('MONGO_URI', ['mongodb://h/a.b'], /^MONGO_URI names a database that must be 1 to 63/)
  assertRefused('DB_NAME', ['a b'], /^DB_NAME must be 1 to 63/)
})

test('the default currency is any that events may name, and no other', () => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const codes = letters.flatMap(a => letters.flatMap(b => letters.map(c => a + b + c)))
  for (const code of codes) {
    const isKnown = currencyDecimals(code) !== undefined
    assert.deepEqual(faultsOf({ DEFAULT_CURRENCY: code }), isKnown ? [] : ['DEFAULT_CURRENCY'], code)
  }
  const currency = reading('DEFAULT_CURRENCY', 'defaultCurrency')
  for (const code of ['XAD', 'VED', 'clf', 'UYW', 'XCG', 'HRK']) assert.equal(currency(code), code.toUpperCase())
})

test('the memory of the figures is an amount with its unit', () => {
  const memoryOf = (text: string) => reading('FIGURES_MEMORY', 'figures')(text).memory
  assert.deepEqual(['64MB', '2GB', '512 mib'].map(memoryOf), ['64MB', '2000MB', '512MB'])
  assertRefused('FIGURES_MEMORY', ['63MB', '192', '1TB', 'much', '-1GB'], /^FIGURES_MEMORY must be an amount of memory/)
})

test('the plays of one listener that count in rankings are a whole number from 1 on, or off', () => {
  const limitOf = reading('CHART_PLAYS_PER_LISTENER', 'chartPlaysPerListener')
  assert.deepEqual(['1', '50', '1000000', 'off', 'OFF', ''].map(limitOf), [1, 50, 1_000_000, null, null, 50])
  const rule = /^CHART_PLAYS_PER_LISTENER must be a whole number from 1 to 1000000, or off/
  assertRefused('CHART_PLAYS_PER_LISTENER', ['0', '-1', '1.5', '1000001', '007', 'on', 'none', '1e3'], rule)
})

test('models are trained anew after a number of hours, or never', () => {
  const hoursOf = reading('RECOMMENDATION_TRAINING_HOURS', 'recommendationTrainingHours')
  assert.deepEqual(['1', '8760', 'off', ''].map(hoursOf), [1, 8_760, null, 24])
  const rule = /^RECOMMENDATION_TRAINING_HOURS must be a whole number from 1 to 8760, or off/
  assertRefused('RECOMMENDATION_TRAINING_HOURS', ['0', '8761', '1.5', '007', 'on'], rule)
})

test('a rate limit is a number and a window, several of them, or off; in words too, as the old service wrote them', () => {
  const limitsOf = reading('RATE_LIMIT_STRICT', 'rateLimitStrict')
  const inMinute = [{ max: 3, windowMs: 60_000 }]
  const inDayToo = [...inMinute, { max: 200, windowMs: 86_400_000 }]
  const limits: [text: string, limits: typeof inMinute][] = [
    ['OFF', []],
    ['off', []],
    ['5/second', [{ max: 5, windowMs: 1000 }]],
    ['7/day', [{ max: 7, windowMs: 86_400_000 }]],
    ['10 per 5 minutes', [{ max: 10, windowMs: 300_000 }]],
    ['1000/month', [{ max: 1000, windowMs: 30 * 86_400_000 }]],
    ['3 per minute', inMinute],
    ['3/minute', inMinute],
    ['3 / 1 minute', inMinute],
    ['3 Per Minutes', inMinute],
    ['3per60seconds', inMinute],
    ['200/day;3/minute', inDayToo],
    ['3 per minute, 200 per day', inDayToo],
    ['200/day | 3/minute', inDayToo],
  ]
  for (const [text, expected] of limits) assert.deepEqual(limitsOf(text), expected, text)
  assert.deepEqual(reading('RATE_LIMIT_DEFAULT', 'rateLimitDefault')('5/second'), [{ max: 5, windowMs: 1000 }])
  const wrong = ['0/minute', '-1/minute', 'minute', '1.5/hour', 'on', '3 a minute', '3/0 minutes', '3/fortnight']
  const wrongLists = ['200/day;', '200/day;often', '200/day 3/minute', ';']
  const rule = /^RATE_LIMIT_STRICT must be N\/second.* several of them with ;/
  assertRefused('RATE_LIMIT_STRICT', [...wrong, ...wrongLists], rule)
})

test('log levels are taken in any case, and by the names that Python has for them', () => {
  const levels = ['WARNING', 'Critical', 'NOTSET', 'FATAL', 'ERROR', 'warn', 'INFO', 'Debug']
  const read = ['warn', 'fatal', 'trace', 'fatal', 'error', 'warn', 'info', 'debug']
  assert.deepEqual(levels.map(reading('LOG_LEVEL', 'logLevel')), read)
  assertRefused('LOG_LEVEL', ['constructor'])
})

test('a list may be a JSON array of texts', () => {
  const origins = reading('CORS_ORIGINS', 'corsOrigins')
  assert.deepEqual(origins('["http://a.example", "http://b.example"]'), ['http://a.example', 'http://b.example'])
  for (const wrong of ['["http://a.example"', '[1]', '[["http://a.example"]]']) {
    assert.ok(faultsOf({ CORS_ORIGINS: wrong }).includes('CORS_ORIGINS'), wrong)
  }
})

test('lists are trimmed and hold a value once, an empty value is none, origins lose their trailing slash', () => {
  assert.deepEqual(reading('ADMIN_API_KEYS', 'adminApiKeys')(` ${KEY} , ${KEY}2 , ${KEY}`), [KEY, `${KEY}2`])
  assert.deepEqual(reading('INGEST_API_KEYS', 'ingestApiKeys')(''), [])
  assert.deepEqual(reading('CORS_ORIGINS', 'corsOrigins')('https://x.example/'), ['https://x.example'])
  assert.equal(reading('PORT', 'port')(' '), 5002)
})

test('covers come from the origin of the catalogue, where no origins are set', () => {
  const covers = (env: NodeJS.ProcessEnv) => loadConfig(env).coverOrigins
  const CONTENT_SERVICE_URL = 'https://Content.example:8443/base/api'
  assert.deepEqual(covers({ CONTENT_SERVICE_URL }), ['https://content.example:8443'])
  const COVER_ORIGINS = 'https://covers.example/, http://192.0.2.1:81'
  assert.deepEqual(covers({ CONTENT_SERVICE_URL, COVER_ORIGINS }), ['https://covers.example', 'http://192.0.2.1:81'])
  // No policy can name an IPv6 address.
  assert.deepEqual(covers({ CONTENT_SERVICE_URL: 'http://[::1]:5001' }), [])
  assertRefused('COVER_ORIGINS', ['https://covers.example/assets', '*', 'covers.example', "'none'", 'data:'])
  const unnameable = ['http://[::1]:5001', 'http://a;b', '["http://a,b"]']
  assertRefused('COVER_ORIGINS', unnameable, /not an origin|a name or an IPv4 address/)
})

test('a list of nothing, or with a blank in it, is a fault: something was wanted', () => {
  for (const name of ['CORS_ORIGINS', 'INGEST_API_KEYS', 'ADMIN_API_KEYS']) {
    const value = name === 'CORS_ORIGINS' ? 'http://a.example' : KEY
    assertRefused(name, [',', ' ', ' , ,', '[]', '[""]', '[" ", ""]'], new RegExp(`^${name} is a list of nothing`))
    const gaps = [`${value},`, `,${value}`, `${value}, ,${value}`, `["${value}", ""]`]
    assertRefused(name, gaps, new RegExp(`^${name} holds a blank`))
    assert.deepEqual(faultsOf({ [name]: '' }), [])
  }
})

test('keys that could be guessed, that are never taken, or that are of both kinds stop the start, and are not shown', () => {
  const wrong: [keys: string, rule: RegExp][] = [
    ['short', /holds a key of less than 16 characters/],
    [`${KEY},fifteen-letters`, /holds a key of less than 16 characters/],
    ['a key with blanks in it', /must hold keys of visible ASCII/],
    ['schlüssel-mit-umlaut', /must hold keys of visible ASCII/],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0In0.c2lnbmF0dXJl', /holds a JSON Web Token/],
  ]
  for (const [keys, rule] of wrong) {
    assertRefused('INGEST_API_KEYS', [keys], new RegExp(`^INGEST_API_KEYS ${rule.source}`))
    assert.throws(
      () => loadConfig({ INGEST_API_KEYS: keys }),
      ({ message }: Error) => !message.includes(keys),
      keys,
    )
  }
  const both = { INGEST_API_KEYS: `${KEY},${KEY}2`, ADMIN_API_KEYS: `${KEY}3,${KEY}2` }
  assert.throws(() => loadConfig(both), /ADMIN_API_KEYS must not hold a key of INGEST_API_KEYS/)
  assert.deepEqual(reading('INGEST_API_KEYS', 'ingestApiKeys')('sixteen-letters!'), ['sixteen-letters!'])
})

test('figures are public unless that is switched off, which needs keys', () => {
  assert.equal(loadConfig({ PUBLIC_READS: 'Yes' }).publicReads, true)
  for (const keys of ['INGEST_API_KEYS', 'ADMIN_API_KEYS']) {
    assert.equal(loadConfig({ PUBLIC_READS: 'off', [keys]: KEY }).publicReads, false)
  }
  assertRefused('PUBLIC_READS', ['off'], /^PUBLIC_READS must not be off without ADMIN_API_KEYS/)
  assert.deepEqual(faultsOf({ PUBLIC_READS: 'off', ADMIN_API_KEYS: 'short' }), ['ADMIN_API_KEYS'])
})

test('mails are from an address, or a name and an address', () => {
  const from = reading('FROM_EMAIL', 'mailFrom')
  const address = 'a.b@x.example'
  assert.deepEqual(from('a.b@x.example'), { name: 'UnderSounds', address })
  assert.deepEqual(from('<a.b@x.example>'), { name: 'UnderSounds', address })
  assert.deepEqual(from('Stats of Ñandú <a.b@x.example>'), { name: 'Stats of Ñandú', address })
  assert.deepEqual(from('"Stats, \\"daily\\"" <a.b@x.example>'), { name: 'Stats, "daily"', address })
  assert.equal(from('avisos@músika.example').address, 'avisos@xn--msika-7ua.example')
  const notAscii = ['josé@x.example', 'A <josé@x.example>']
  const notOne = ['A a@x.y', 'A <a@x.y>, B <b@x.y>', 'A <a@x.y> B', 'A <>', 'A <<a@x.y>>', 'A: a@x.y;']
  const wrong = [...notAscii, ...notOne, 'A\nB <a@x.y>', 'b@mail_1.example']
  assertRefused('FROM_EMAIL', wrong, /^FROM_EMAIL must be one e-mail address, .* ASCII alone before the @/)
})

test('mail is encrypted unless that is switched off, which a password forbids', () => {
  const tls = (env: NodeJS.ProcessEnv) => loadConfig({ SMTP_HOST: 'mail.example', ...env }).smtp?.tls
  assert.deepEqual([tls({}), tls({ SMTP_TLS: 'Insecure' }), tls({ SMTP_TLS: 'off' })], ['verify', 'insecure', 'off'])
  assert.deepEqual(faultsOf({ SMTP_TLS: 'off', SMTP_USER: 'u', SMTP_PASS: 'p' }), ['SMTP_TLS'])
})

test('trusted proxies are off, on, a number of hops, or addresses and networks that Fastify takes', async () => {
  const trusted = reading('TRUST_PROXY', 'trustProxy')
  assert.deepEqual(['off', 'False', 'no', 'on', 'TRUE', 'yes'].map(trusted), [false, false, false, true, true, true])
  assert.equal(trusted('2'), 2)
  assert.deepEqual(trusted('10.0.0.0/8, ::1'), ['10.0.0.0/8', '::1'])
  const lists = ['10.0.0.0/8, ::1', 'loopback,fd00::/8', '::ffff:10.0.0.1/104', 'linklocal, uniquelocal', '192.0.2.1']
  for (const text of lists) await Fastify({ trustProxy: trusted(text) as string[] }).close()
  const noAddress = ['1.2.3', '::g', '999.1.1.1', 'host', '/8', '1.1.1.1,']
  assertRefused('TRUST_PROXY', [...noAddress, '10.0.0.0/99', '::1/129', '0.0.0.0/0', '10.0.0.0/'])
})

test('hosts are addresses or names, and nothing that would be taken for another address', () => {
  const good = ['0.0.0.0', '::', '::1', 'fe80::1%eth0', 'localhost', 'my_host', 'a.b.example.', 'münchen.example']
  const bad = ['999.1.1.1', '1.2.3', '127', '0x7f.1', 'host:80', '[::1]', '::g', 'a..b', '-a', 'h/x', 'u@h', '*', '%41']
  for (const name of ['HOST', 'SMTP_HOST']) {
    for (const host of good) assert.deepEqual(faultsOf({ [name]: host }), [], host)
    assertRefused(name, bad)
  }
  const inUrl = (host: string) => (host.includes('::') ? `[${host}]` : host)
  for (const [name, before] of [
    ['MONGO_URI', 'mongodb://a,'],
    ['CONTENT_SERVICE_URL', 'http://'],
  ] as const) {
    for (const host of ['localhost', '127.0.0.1', '::1', 'my_host']) {
      assert.deepEqual(faultsOf({ [name]: before + inUrl(host) }), [], host)
    }
    assertRefused(
      name,
      ['999.1.1.1', '1.2.3', '127', '0x7f.1', '::g'].map(inUrl).map(host => before + host),
    )
  }
})

test("MongoDB's driver judges the URI, and the password is not shown", () => {
  const refused = [
    'mongodb://h:99999',
    'mongodb://h:0',
    'mongodb://a:1,b:70000',
    'mongodb://,h',
    'mongodb://h/?nonsense=1',
    'mongodb://h/?tls=perhaps',
    'mongodb://h/?connectTimeoutMS=soon',
    'mongodb://a,b/?directConnection=true',
    'mongodb+srv://a.b.example:1/x',
    'mongodb+srv://a.b.example,c.d.example',
    'mongodb://::1',
    'mongodb://name:geheim@h:99999',
    'mongodb://name:gehe@im@h',
    'mongodb://name:gehe/im@h',
    'mongodb://name:geheim@h/?nonsense=1',
    'mongodb://h/%20',
    `mongodb://h/${'é'.repeat(32)}`,
  ]
  for (const MONGO_URI of refused) {
    assert.throws(
      () => loadConfig({ MONGO_URI, PORT: 'x' }),
      ({ message }: Error) =>
        /^Wrong settings:\n {2}PORT .*\n {2}MONGO_URI .*$/.test(message) && !/geheim|gehe|im@/.test(message),
      MONGO_URI,
    )
  }
  const taken = ['mongodb://[::1]:27017', 'mongodb://%2Ftmp%2Fmongodb.sock', 'mongodb+srv://h.example/?tls=true']
  for (const MONGO_URI of taken) assert.deepEqual(faultsOf({ MONGO_URI }), [], MONGO_URI)
})

test('the address of the catalogue has a port that exists, and no password', () => {
  const wrong = ['http://h:99999', 'http://h:0', 'http://u:p@h', 'http://u@h', 'http:///x', 'http:h']
  assertRefused('CONTENT_SERVICE_URL', wrong)
  assert.equal(reading('CONTENT_SERVICE_URL', 'contentServiceUrl')('http://[::1]:80/api/'), 'http://[::1]:80')
})

test('the data directory is a folder to write into, or one that can be made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stats-dir-'))
  const at = (name: string) => join(folder, name)
  writeFileSync(at('file'), '')
  symlinkSync(at('nowhere'), at('dangling'))
  symlinkSync(at('loop'), at('loop'))
  symlinkSync(folder, at('link'))
  const bad = ['file', 'file/below', 'dangling', 'dangling/below', 'loop', 'n'.repeat(256), 'd/'.repeat(250), 'a\0b']
  assertRefused('DATA_DIR', [...bad.map(at), '/dev/full'])
  for (const name of ['', 'new', 'new/below', 'link', 'link/new']) {
    assert.deepEqual(faultsOf({ DATA_DIR: at(name) }), [])
  }
  assert.deepEqual(readdirSync(folder).sort(), ['dangling', 'file', 'link', 'loop'])
  rmSync(folder, { recursive: true })
})

test('.env fills in what the environment does not set', () => {
  const before = process.cwd()
  const folder = mkdtempSync(join(tmpdir(), 'stats-env-'))
  writeFileSync(join(folder, '.env'), 'PLAY_MIN_SECONDS=7\nENRICH_BUDGET_MS=8\n')
  process.env.ENRICH_BUDGET_MS = '9'
  process.chdir(folder)
  try {
    const { playMinMs, enrichBudgetMs } = loadConfig()
    assert.deepEqual([playMinMs, enrichBudgetMs], [7000, 9])
  } finally {
    process.chdir(before)
    delete process.env.ENRICH_BUDGET_MS
    delete process.env.PLAY_MIN_SECONDS
  }
})

test('.env.example documents every setting, and its values are the defaults', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  assert.deepEqual(loadConfig(parseEnv(text) as NodeJS.ProcessEnv), loadConfig({}))
  const files = readdirSync(import.meta.dirname).filter(name => !name.endsWith('.test.ts'))
  const source = files.map(name => readFileSync(join(import.meta.dirname, name), 'utf8')).join('')
  const names = [...source.matchAll(/'([A-Z]{2,}(?:_[A-Z]+)*)'/g)].map(([, name]) => String(name))
  assert.ok(names.length >= 27)
  for (const name of names) if (name !== 'EUR') assert.match(text, new RegExp(`^${name}=`, 'm'))
})
