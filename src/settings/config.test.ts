import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import Fastify from 'fastify'
import { currencyDecimals } from '../events/money.ts'
import { ConfigError, loadConfig } from './config.ts'

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
    contentServiceUrl: null,
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

test('whom requests may mail depends on who can reach the service, or is a list of domains', () => {
  const recipients = (env: NodeJS.ProcessEnv) => loadConfig(env).alertRecipients
  for (const HOST of ['127.0.0.1', '::1', 'localhost', '127.0.0.9']) assert.equal(recipients({ HOST }), 'any')
  for (const HOST of ['0.0.0.0', '::', '192.0.2.1', 'stats.example']) assert.equal(recipients({ HOST }), 'catalogue')
  assert.equal(recipients({ HOST: '0.0.0.0', ALERT_RECIPIENTS: 'Any' }), 'any')
  assert.equal(recipients({ ALERT_RECIPIENTS: 'catalogue' }), 'catalogue')
  const ALERT_RECIPIENTS = 'UnderSounds.com, ñandú.example'
  assert.deepEqual(recipients({ ALERT_RECIPIENTS }), ['undersounds.com', 'xn--and-6ma2c.example'])
  for (const wrong of ['catalog', 'any, example.org', ',', 'a@example.org', '*.example.org', 'example.org,']) {
    assert.deepEqual(faultsOf({ ALERT_RECIPIENTS: wrong }), ['ALERT_RECIPIENTS'], wrong)
  }
})

test('every wrong setting is named at once, with its rule', () => {
  const env = {
    PORT: '70000',
    CORS_ORIGINS: 'http://ok.example,nonsense',
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

test('the database is named by the URI, or DB_NAME, or has its name', () => {
  const mongo = (env: NodeJS.ProcessEnv) => loadConfig(env).mongo
  assert.equal(mongo({}), null)
  assert.equal(mongo({ MONGO_URI: 'mongodb://a,b:27018/?replicaSet=r' })?.database, 'undersounds_stats')
  assert.equal(mongo({ MONGO_URI: 'mongodb://u:p@localhost', DB_NAME: 'named' })?.database, 'named')
  assert.deepEqual(mongo({ MONGO_URI: 'mongodb+srv://h/x?w=1', DB_NAME: 'named' }), {
    uri: 'mongodb+srv://h/x?w=1',
    database: 'x',
  })
  assert.throws(() => mongo({ MONGO_URI: 'localhost' }), /MONGO_URI must begin with mongodb:/)
  assert.throws(() => mongo({ MONGO_URI: 'mongodb://h/a.b' }), /MONGO_URI names a database that must be 1 to 63/)
  assert.throws(() => mongo({ DB_NAME: 'a b' }), /DB_NAME must be 1 to 63/)
})

test('the default currency is any that events may name, and no other', () => {
  for (const code of candidates()) {
    const known = currencyDecimals(code) !== undefined
    assert.deepEqual(faultsOf({ DEFAULT_CURRENCY: code }), known ? [] : ['DEFAULT_CURRENCY'], code)
  }
  for (const code of ['XAD', 'VED', 'clf', 'UYW', 'XCG', 'HRK']) {
    assert.equal(loadConfig({ DEFAULT_CURRENCY: code }).defaultCurrency, code.toUpperCase())
  }
})

/** All codes of three letters. */
function candidates(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters.flatMap(a => letters.flatMap(b => letters.map(c => a + b + c)))
}

test('the memory of the figures is an amount with its unit', () => {
  const memoryOf = (text: string) => loadConfig({ FIGURES_MEMORY: text }).figures.memory
  assert.deepEqual(['64MB', '2GB', '512 mib'].map(memoryOf), ['64MB', '2000MB', '512MB'])
  for (const wrong of ['63MB', '192', '1TB', 'much', '-1GB']) {
    assert.throws(() => memoryOf(wrong), /FIGURES_MEMORY must be an amount of memory/, wrong)
  }
})

test('rate limits: number and window, or off', () => {
  const config = loadConfig({ RATE_LIMIT_DEFAULT: '5/second', RATE_LIMIT_STRICT: 'off' })
  assert.deepEqual(config.rateLimitDefault, [{ max: 5, windowMs: 1000 }])
  assert.deepEqual(config.rateLimitStrict, [])
  const windowOf = (text: string) => loadConfig({ RATE_LIMIT_DEFAULT: text }).rateLimitDefault
  assert.deepEqual(windowOf('7/day'), [{ max: 7, windowMs: 86_400_000 }])
  for (const wrong of [
    '0/minute',
    '-1/minute',
    'minute',
    '1.5/hour',
    'on',
    '3 a minute',
    '3/0 minutes',
    '3/fortnight',
  ]) {
    assert.deepEqual(faultsOf({ RATE_LIMIT_STRICT: wrong }), ['RATE_LIMIT_STRICT'], wrong)
  }
})

test('rate limits as the old service wrote them: in words, of several units, and several at once', () => {
  const limitsOf = (text: string) => loadConfig({ RATE_LIMIT_STRICT: text }).rateLimitStrict
  for (const text of ['3 per minute', '3/minute', '3 / 1 minute', '3 Per Minutes', '3per60seconds']) {
    assert.deepEqual(limitsOf(text), [{ max: 3, windowMs: 60_000 }], text)
  }
  assert.deepEqual(limitsOf('10 per 5 minutes'), [{ max: 10, windowMs: 300_000 }])
  assert.deepEqual(limitsOf('1000/month'), [{ max: 1000, windowMs: 30 * 86_400_000 }])
  const both = [
    { max: 3, windowMs: 60_000 },
    { max: 200, windowMs: 86_400_000 },
  ]
  for (const text of ['200/day;3/minute', '3 per minute, 200 per day', '200/day | 3/minute']) {
    assert.deepEqual(limitsOf(text), both, text)
  }
  assert.deepEqual(limitsOf('OFF'), [])
  for (const wrong of ['200/day;', '200/day;often', '200/day 3/minute', ';']) {
    assert.throws(() => limitsOf(wrong), /RATE_LIMIT_STRICT must be N\/second.* several of them with ;/, wrong)
  }
})

test('log levels in any case, and by the names that Python has for them', () => {
  const levelOf = (text: string) => loadConfig({ LOG_LEVEL: text }).logLevel
  const levels = ['WARNING', 'Critical', 'NOTSET', 'FATAL', 'ERROR', 'warn', 'INFO', 'Debug'].map(levelOf)
  assert.deepEqual(levels, ['warn', 'fatal', 'trace', 'fatal', 'error', 'warn', 'info', 'debug'])
  assert.deepEqual(faultsOf({ LOG_LEVEL: 'constructor' }), ['LOG_LEVEL'])
})

test('a list may be a JSON array of texts', () => {
  const origins = (text: string) => loadConfig({ CORS_ORIGINS: text }).corsOrigins
  assert.deepEqual(origins('["http://a.example", "http://b.example"]'), ['http://a.example', 'http://b.example'])
  for (const wrong of ['["http://a.example"', '[1]', '[["http://a.example"]]']) {
    assert.ok(faultsOf({ CORS_ORIGINS: wrong }).includes('CORS_ORIGINS'), wrong)
  }
})

test('lists are trimmed and hold a value once, an empty value is none, origins lose their trailing slash', () => {
  const config = loadConfig({
    ADMIN_API_KEYS: ` ${KEY} , ${KEY}2 , ${KEY}`,
    INGEST_API_KEYS: '',
    CORS_ORIGINS: 'https://x.example/',
    PORT: ' ',
  })
  assert.deepEqual(config.adminApiKeys, [KEY, `${KEY}2`])
  assert.deepEqual(config.ingestApiKeys, [])
  assert.deepEqual(config.corsOrigins, ['https://x.example'])
  assert.equal(config.port, 5002)
})

test('a list of nothing, or with a blank in it, is a fault: something was wanted', () => {
  for (const name of ['CORS_ORIGINS', 'INGEST_API_KEYS', 'ADMIN_API_KEYS']) {
    const value = name === 'CORS_ORIGINS' ? 'http://a.example' : KEY
    for (const nothing of [',', ' ', ' , ,', '[]', '[""]', '[" ", ""]']) {
      assert.throws(() => loadConfig({ [name]: nothing }), new RegExp(`${name} is a list of nothing`), nothing)
    }
    for (const gap of [`${value},`, `,${value}`, `${value}, ,${value}`, `["${value}", ""]`]) {
      assert.throws(() => loadConfig({ [name]: gap }), new RegExp(`${name} holds a blank`), gap)
    }
    assert.deepEqual(faultsOf({ [name]: '' }), [])
  }
})

test('keys that could be guessed, that are never taken, or that are of both kinds stop the start, and are not shown', () => {
  const wrong = {
    short: /^INGEST_API_KEYS holds a key of less than 16 characters/m,
    [`${KEY},fifteen-letters`]: /^INGEST_API_KEYS holds a key of less than 16 characters/m,
    'a key with blanks in it': /^INGEST_API_KEYS must hold keys of visible ASCII/m,
    'schlüssel-mit-umlaut': /^INGEST_API_KEYS must hold keys of visible ASCII/m,
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0In0.c2lnbmF0dXJl': /^INGEST_API_KEYS holds a JSON Web Token/m,
  }
  for (const [keys, rule] of Object.entries(wrong)) {
    assert.throws(
      () => loadConfig({ INGEST_API_KEYS: keys }),
      ({ message }: Error) => rule.test(message.replaceAll(/^ +/gm, '')) && !message.includes(keys),
      keys,
    )
  }
  const both = { INGEST_API_KEYS: `${KEY},${KEY}2`, ADMIN_API_KEYS: `${KEY}3,${KEY}2` }
  assert.throws(() => loadConfig(both), /ADMIN_API_KEYS must not hold a key of INGEST_API_KEYS/)
  assert.deepEqual(loadConfig({ INGEST_API_KEYS: 'sixteen-letters!' }).ingestApiKeys, ['sixteen-letters!'])
})

test('figures are public unless that is switched off, which needs keys', () => {
  assert.equal(loadConfig({ PUBLIC_READS: 'Yes' }).publicReads, true)
  for (const keys of ['INGEST_API_KEYS', 'ADMIN_API_KEYS']) {
    assert.equal(loadConfig({ PUBLIC_READS: 'off', [keys]: KEY }).publicReads, false)
  }
  assert.throws(() => loadConfig({ PUBLIC_READS: 'off' }), /PUBLIC_READS must not be off without ADMIN_API_KEYS/)
  assert.deepEqual(faultsOf({ PUBLIC_READS: 'off', ADMIN_API_KEYS: 'short' }), ['ADMIN_API_KEYS'])
})

test('mails are from an address, or a name and an address', () => {
  const from = (text: string) => loadConfig({ FROM_EMAIL: text }).mailFrom
  const address = 'a.b@x.example'
  assert.deepEqual(from('a.b@x.example'), { name: 'UnderSounds', address })
  assert.deepEqual(from('<a.b@x.example>'), { name: 'UnderSounds', address })
  assert.deepEqual(from('Stats of Ñandú <a.b@x.example>'), { name: 'Stats of Ñandú', address })
  assert.deepEqual(from('"Stats, \\"daily\\"" <a.b@x.example>'), { name: 'Stats, "daily"', address })
  assert.equal(from('avisos@músika.example').address, 'avisos@xn--msika-7ua.example')
  const wrong = [
    'josé@x.example',
    'A <josé@x.example>',
    'A a@x.y',
    'A <a@x.y>, B <b@x.y>',
    'A <a@x.y> B',
    'A <>',
    'A\nB <a@x.y>',
  ]
  for (const text of [...wrong, 'A <<a@x.y>>', 'A: a@x.y;', 'b@mail_1.example']) {
    assert.deepEqual(faultsOf({ FROM_EMAIL: text }), ['FROM_EMAIL'], text)
  }
  assert.throws(() => from('josé@x.example'), /FROM_EMAIL must be one e-mail address, .* ASCII alone before the @/)
})

test('mail is encrypted unless that is switched off, which no password is for', () => {
  const tls = (env: NodeJS.ProcessEnv) => loadConfig({ SMTP_HOST: 'mail.example', ...env }).smtp?.tls
  assert.deepEqual([tls({}), tls({ SMTP_TLS: 'Insecure' }), tls({ SMTP_TLS: 'off' })], ['verify', 'insecure', 'off'])
  assert.deepEqual(faultsOf({ SMTP_TLS: 'off', SMTP_USER: 'u', SMTP_PASS: 'p' }), ['SMTP_TLS'])
})

test('trusted proxies: off, on, hops or addresses', () => {
  const trusted = (text: string) => loadConfig({ TRUST_PROXY: text }).trustProxy
  assert.equal(trusted('off'), false)
  assert.equal(trusted('on'), true)
  assert.deepEqual(['False', 'no', 'TRUE', 'yes'].map(trusted), [false, false, true, true])
  assert.equal(trusted('2'), 2)
  assert.deepEqual(trusted('10.0.0.0/8, ::1'), ['10.0.0.0/8', '::1'])
})

test('hosts are addresses or names, and nothing that would be taken for another address', () => {
  const good = ['0.0.0.0', '::', '::1', 'fe80::1%eth0', 'localhost', 'my_host', 'a.b.example.', 'münchen.example']
  const bad = ['999.1.1.1', '1.2.3', '127', '0x7f.1', 'host:80', '[::1]', '::g', 'a..b', '-a', 'h/x', 'u@h', '*', '%41']
  const settings: Record<string, (host: string) => string> = {
    HOST: host => host,
    SMTP_HOST: host => host,
    MONGO_URI: host => `mongodb://a,${host.includes('::') ? `[${host}]` : encodeURIComponent(host)}`,
    CONTENT_SERVICE_URL: host => `http://${host.includes('::') ? `[${host}]` : host}/`,
  }
  for (const name of ['HOST', 'SMTP_HOST']) {
    for (const host of good) assert.deepEqual(faultsOf({ [name]: host }), [], host)
    for (const host of bad) assert.deepEqual(faultsOf({ [name]: host }), [name], host)
  }
  for (const name of ['MONGO_URI', 'CONTENT_SERVICE_URL']) {
    for (const host of ['localhost', '127.0.0.1', '::1', 'my_host']) {
      assert.deepEqual(faultsOf({ [name]: settings[name]!(host) }), [], host)
    }
    for (const host of ['999.1.1.1', '1.2.3', '127', '0x7f.1', '::g']) {
      assert.deepEqual(faultsOf({ [name]: settings[name]!(host) }), [name], host)
    }
  }
})

test("MongoDB's driver judges the URI, and the password is shown to nobody", () => {
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
  for (const uri of refused) {
    assert.throws(
      () => loadConfig({ MONGO_URI: uri, PORT: 'x' }),
      ({ message }: Error) => {
        assert.match(message, /^Wrong settings:\n {2}PORT .*\n {2}MONGO_URI .*$/)
        assert.doesNotMatch(message, /geheim|gehe|im@/)
        return true
      },
      uri,
    )
  }
  const taken = ['mongodb://[::1]:27017', 'mongodb://%2Ftmp%2Fmongodb.sock', 'mongodb+srv://h.example/?tls=true']
  for (const uri of taken) assert.deepEqual(faultsOf({ MONGO_URI: uri }), [], uri)
})

test('trusted proxies are addresses and networks that Fastify takes', async () => {
  const bad = [
    '10.0.0.0/99',
    '1.2.3',
    '::g',
    '999.1.1.1',
    '::1/129',
    '0.0.0.0/0',
    '10.0.0.0/',
    '/8',
    '1.1.1.1,',
    'host',
  ]
  for (const text of bad) assert.deepEqual(faultsOf({ TRUST_PROXY: text }), ['TRUST_PROXY'], text)
  const good = ['10.0.0.0/8, ::1', 'loopback,fd00::/8', '::ffff:10.0.0.1/104', 'linklocal, uniquelocal', '192.0.2.1']
  for (const text of good)
    await Fastify({ trustProxy: loadConfig({ TRUST_PROXY: text }).trustProxy as string[] }).close()
})

test('the address of the catalogue has a port that there is, and no password', () => {
  for (const url of ['http://h:99999', 'http://h:0', 'http://u:p@h', 'http://u@h', 'http:///x', 'http:h']) {
    assert.deepEqual(faultsOf({ CONTENT_SERVICE_URL: url }), ['CONTENT_SERVICE_URL'], url)
  }
  assert.equal(loadConfig({ CONTENT_SERVICE_URL: 'http://[::1]:80/api/' }).contentServiceUrl, 'http://[::1]:80')
})

test('the data directory is a folder to write into, or one that can be made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stats-dir-'))
  const at = (name: string) => join(folder, name)
  writeFileSync(at('file'), '')
  symlinkSync(at('nowhere'), at('dangling'))
  symlinkSync(at('loop'), at('loop'))
  symlinkSync(folder, at('link'))
  const bad = ['file', 'file/below', 'dangling', 'dangling/below', 'loop', 'n'.repeat(256), 'd/'.repeat(250), 'a\0b']
  for (const name of bad) assert.deepEqual(faultsOf({ DATA_DIR: at(name) }), ['DATA_DIR'], name)
  for (const name of ['', 'new', 'new/below', 'link', 'link/new'])
    assert.deepEqual(faultsOf({ DATA_DIR: at(name) }), [])
  assert.deepEqual(faultsOf({ DATA_DIR: '/dev/full' }), ['DATA_DIR'])
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
    const config = loadConfig()
    assert.equal(config.playMinMs, 7000)
    assert.equal(config.enrichBudgetMs, 9)
  } finally {
    process.chdir(before)
    delete process.env.ENRICH_BUDGET_MS
    delete process.env.PLAY_MIN_SECONDS
  }
})

test('.env.example documents every setting, and its values are the defaults', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  assert.deepEqual(loadConfig(parseEnv(text) as NodeJS.ProcessEnv), loadConfig({}))
  const source = readFileSync(new URL('./config.ts', import.meta.url), 'utf8')
  for (const [, name] of source.matchAll(/'([A-Z]{2,}(?:_[A-Z]+)*)'/g)) {
    if (name !== 'EUR') assert.match(text, new RegExp(`^${name}=`, 'm'))
  }
})
