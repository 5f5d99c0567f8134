/** The outbox against a real mail server and the real embedded store. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type Alert, parseAlert } from '../../src/alerts/alert.ts'
import { Alerts } from '../../src/alerts/alerts.ts'
import { encryptionOf, type Mailbox, type SendOutcome, SmtpMailer, type SmtpOptions } from '../../src/alerts/mailer.ts'
import type { Mail } from '../../src/alerts/message.ts'
import { asciiAddress } from '../../src/identity/email-address.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { ALERTS } from '../../src/storage/collections.ts'
import type { Documents } from '../../src/storage/storage.ts'
import { SELF_SIGNED, startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts'
import { openTempStore } from '../support/temp-store.ts'

const FROM: Mailbox = { name: 'UnderSounds', address: 'no-reply@undersounds.example' }
const START = Date.parse('2026-11-24T10:00:00Z')
const BREACH = { plays: 120, likes: 60, follows: 0 }

const mail: Mail = {
  recipient: 'ana@example.com',
  subject: 'Más',
  text: 'á\n.\nz',
  html: '<p>á</p>',
  date: new Date(START),
  key: 'key',
}

function mailerFor({ config }: Pick<TestSmtpServer, 'config'>, limits = {}) {
  return new SmtpMailer(config, FROM, { limits })
}

const withTls = ({ config }: TestSmtpServer, tls: SmtpOptions['tls']) => ({ config: { ...config, tls } })

const kindOf = async (outcome: Promise<SendOutcome>) => (await outcome).kind

test('sends over STARTTLS, logged in, to one recipient', async () => {
  const server = await startSmtpServer()
  assert.deepEqual(await mailerFor(server).send(mail, async () => true), { kind: 'sent' })
  const [got, ...others] = server.accepted
  assert.deepEqual(
    [got?.from, got?.to, got?.secure, got?.user, others],
    [FROM.address, ['ana@example.com'], true, 'stats', []],
  )
  assert.match(got!.raw, /^Message-ID: <key@undersounds\.example>\r?$/m)
  assert.match(got!.raw, /^Auto-Submitted: auto-generated\r?$/m)
  assert.match(got!.raw, /^From: UnderSounds <no-reply@undersounds\.example>\r?$/m)
})

test('sends without a log-in where none is set', async () => {
  const server = await startSmtpServer({ login: false })
  assert.equal(await kindOf(mailerFor(server).send(mail, async () => true)), 'sent')
})

test('never sends a password in the clear, nor to a server that nobody vouches for', async () => {
  const plain = await startSmtpServer({ startTls: false })
  assert.equal(await kindOf(mailerFor(plain).send(mail, async () => true)), 'temporary')
  const selfSigned = await startSmtpServer()
  assert.equal(await kindOf(mailerFor(withTls(selfSigned, 'verify')).send(mail, async () => true)), 'temporary')
  assert.deepEqual([plain.logins, selfSigned.logins], [0, 0])
})

test('a certificate is proven, or taken as it is, or there is no encryption, as SMTP_TLS says', async () => {
  const server = await startSmtpServer({ login: false })
  const outcome = (tls: SmtpOptions['tls']) => mailerFor(withTls(server, tls)).send(mail, async () => true)
  const unproven = await outcome('verify')
  assert.equal(unproven.kind, 'temporary')
  assert.match('error' in unproven ? unproven.error : '', /^self-signed .*mail server's.* SMTP_TLS=insecure takes it/)
  assert.equal(server.received.length, 0)
  for (const tls of ['insecure', 'off'] as const) assert.equal((await outcome(tls)).kind, 'sent')
  assert.deepEqual(
    server.accepted.map(({ secure }) => secure),
    [true, false],
  )
})

test('a certificate of an authority that is trusted is proven, and one of another host is none', async t => {
  const server = await startSmtpServer({ login: false })
  const authorities = getCACertificates()
  t.after(() => setDefaultCACertificates(authorities))
  setDefaultCACertificates([...authorities, SELF_SIGNED])
  const verified = withTls(server, 'verify').config
  const outcome = (host: string) => mailerFor({ config: { ...verified, host } }).send(mail, async () => true)
  assert.equal(await kindOf(outcome('localhost')), 'sent')
  const elsewhere = await outcome('127.0.0.1')
  assert.match('error' in elsewhere ? elsewhere.error : '', /altnames.* SMTP_TLS=insecure/)
  assert.deepEqual(
    server.accepted.map(({ secure }) => secure),
    [true],
  )
})

test('on port 465 the connection is encrypted from the start on, and its certificate is proven or not alike', () => {
  const config = { host: 'mail.example', port: 465, user: null, pass: null }
  const encryption = (tls: SmtpOptions['tls']) => {
    const { secure, tls: options } = encryptionOf({ ...config, tls })
    return [secure, options.rejectUnauthorized]
  }
  assert.deepEqual(
    [encryption('verify'), encryption('insecure'), encryption('off')[0]],
    [[true, true], [true, false], false],
  )
})

test('no header has anything but ASCII, whatever sender, recipient and artist are called', async () => {
  const server = await startSmtpServer({ login: false })
  const { mailFrom } = loadConfig({ FROM_EMAIL: '"Avisos, Músika" <avisos@músika.example>' })
  const recipient = asciiAddress('ana@ñandú.example')!
  const mailer = new SmtpMailer(server.config, mailFrom)
  const subject = `Más ${'🏴󠁧󠁢󠁷󠁬󠁳󠁿👩‍🎤'.repeat(20)}`
  assert.equal(await kindOf(mailer.send({ ...mail, recipient, subject }, async () => true)), 'sent')
  const [got] = server.accepted
  const [headers = ''] = got!.raw.split('\r\n\r\n')
  assert.match(headers, /^\p{ASCII}+$/u)
  assert.match(headers, /^Message-ID: <key@xn--msika-7ua\.example>$/m)
  // The server tells domains as people read them; in UTF-8 they may come only where both have agreed on it.
  assert.deepEqual([got!.from, got!.to, got!.utf8], ['avisos@músika.example', ['ana@ñandú.example'], false])
  const [, from = ''] = /^From: (.*) <avisos@xn--msika-7ua\.example>$/m.exec(headers) ?? []
  assert.equal(decodedWords(from), 'Avisos, Músika')
  const [, encoded = ''] = /^Subject: (.*(?:\r\n .*)*)$/m.exec(headers) ?? []
  assert.equal(decodedWords(encoded), subject)
})

/** Each encoded word is decoded by itself, as RFC 2047 asks: one that ends inside a character shows. */
function decodedWords(header: string): string {
  const words = header.replace(/\?=\s+=\?/g, '?==?')
  return words.replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/g, (_, form: string, text: string) => {
    const hex = text
      .replaceAll('_', ' ')
      .replace(/=([\dA-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    return Buffer.from(form === 'B' ? text : hex, form === 'B' ? 'base64' : 'latin1').toString()
  })
}

test('each way to fail has its outcome', async () => {
  const server = await startSmtpServer()
  const ways: [TestSmtpServer['manners'], SendOutcome['kind']][] = [
    [{ connect: 'hang-up' }, 'temporary'],
    [{ mail: 'hang-up' }, 'temporary'],
    [{ mail: 451 }, 'temporary'],
    [{ mail: 530 }, 'temporary'],
    [{ rcpt: 550 }, 'permanent'],
    [{ rcpt: 450 }, 'temporary'],
    [{ rcpt: 421 }, 'temporary'],
    [{ rcpt: 'hang-up' }, 'temporary'],
    [{ data: 'hang-up' }, 'temporary'],
    [{ end: 554 }, 'permanent'],
    [{ end: 452 }, 'temporary'],
    [{ end: 'hang-up' }, 'unknown'],
    [{ end: 'silence' }, 'unknown'],
    [{ delay: 150 }, 'sent'],
  ]
  for (const [manners, kind] of ways) {
    server.manners = manners
    // The end leaves only after a hang-up would have been noticed.
    const gate = () => new Promise<boolean>(resolve => setTimeout(() => resolve(true), 50))
    const limits = manners.end === 'silence' ? { silence: 1000 } : {}
    const outcome = await mailerFor(server, limits).send(mail, gate)
    assert.equal(outcome.kind, kind, `${JSON.stringify(manners)}: ${JSON.stringify(outcome)}`)
  }
})

test('a wrong password and a server that is not there are temporary', async () => {
  const server = await startSmtpServer()
  const wrong = { config: { ...server.config, pass: 'wrong' } }
  assert.deepEqual((await mailerFor(wrong).send(mail, async () => true)).kind, 'temporary')
  await server.stop()
  const outcome = await mailerFor(server).send(mail, async () => true)
  assert.deepEqual([outcome.kind, 'answered' in outcome && outcome.answered], ['temporary', false])
})

test('nothing is delivered where the end is refused, by answer or by failure', async () => {
  const server = await startSmtpServer()
  const refuse = async () => false
  const fail = async () => {
    throw new Error('the store is away')
  }
  for (const gate of [refuse, fail]) assert.equal(await kindOf(mailerFor(server).send(mail, gate)), 'temporary')
  await new Promise(resolve => setTimeout(resolve, 50))
  assert.deepEqual(server.received, [])
})

test('what a closing process breaks off is not delivered', async () => {
  const server = await startSmtpServer()
  const mailer = mailerFor(server)
  const gate = async () => {
    mailer.close()
    await new Promise(resolve => setTimeout(resolve, 20))
    return true
  }
  assert.equal(await kindOf(mailer.send(mail, gate)), 'temporary')
  assert.deepEqual(server.received, [])
})

let instances = 0

function alertsOn(documents: Documents, server: TestSmtpServer, { name = 'Ana', now = START, breaches = true } = {}) {
  const mailer = mailerFor(server)
  const time = { now }
  const alerts = new Alerts({
    documents,
    clock: () => time.now,
    monotonic: () => time.now,
    recipients: 'any',
    instance: `instance ${++instances}`,
    artistOf: async asked => ({ id: asked, keys: [asked] }),
    countsOf: async () => BREACH,
    breaching: async () => (breaches ? [{ artistId: 'ar1', counts: BREACH }] : []),
    recipientOf: async () => ({ email: 'ana@example.com', name }),
    mailer,
    soleInstance: true,
  })
  return { alerts, mailer, time }
}

async function onlyAlert(documents: Documents): Promise<Alert> {
  const [document, ...others] = await documents.list(ALERTS, { limit: 2 })
  assert.deepEqual(others, [])
  return parseAlert(document!)
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await condition())) {
    assert.ok(performance.now() < end, 'waited for 10 seconds in vain')
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** Documents of a process that dies at its `step`th swap: before it is written, or before its answer comes. */
function dyingAt(documents: Documents, step: number, when: 'before' | 'after') {
  const { promise: died, resolve: die } = Promise.withResolvers<void>()
  const never = new Promise<never>(() => {})
  let swaps = 0
  let dead = false
  const alive =
    <Args extends unknown[], Answer>(method: (...args: Args) => Promise<Answer>) =>
    (...args: Args): Promise<Answer> =>
      dead ? never : method(...args)
  const swap: Documents['swap'] = async (...args) => {
    if (dead) return never
    if (++swaps < step) return documents.swap(...args)
    dead = true
    if (when === 'after') await documents.swap(...args)
    die()
    return never
  }
  const dying: Documents = {
    put: alive(documents.put.bind(documents)),
    add: alive(documents.add.bind(documents)),
    get: alive(documents.get.bind(documents)),
    list: alive(documents.list.bind(documents)),
    counts: alive(documents.counts.bind(documents)),
    remove: alive(documents.remove.bind(documents)),
    swap,
  }
  return { dying, died }
}

const DEATHS = [
  { step: 1, when: 'before', mails: 1, status: 'sent' },
  { step: 1, when: 'after', mails: 1, status: 'sent' },
  { step: 2, when: 'before', mails: 1, status: 'sent' },
  { step: 2, when: 'after', mails: 0, status: 'unknown' },
  { step: 3, when: 'before', mails: 1, status: 'unknown' },
  { step: 3, when: 'after', mails: 1, status: 'sent' },
] as const

for (const { step, when, mails, status } of DEATHS) {
  test(`killed ${when} its swap ${step}: ${mails} mail, ${status}`, async () => {
    const server = await startSmtpServer()
    const { documents } = openTempStore()
    const { dying, died } = dyingAt(documents, step, when)
    const first = alertsOn(dying, server)
    await first.alerts.evaluate()
    await died
    first.mailer.close()
    const second = alertsOn(documents, server, { now: START + 1000 })
    await second.alerts.start()
    await until(async () => (await onlyAlert(documents)).status === status)
    assert.equal((await second.alerts.request({ artistId: 'ar1' })).reason, 'cooldown')
    await second.alerts.close()
    assert.equal(server.received.length, mails)
  })
}

test('refused, then greylisted, then accepted', async () => {
  const server = await startSmtpServer()
  const { documents } = openTempStore()
  const { alerts, time } = alertsOn(documents, server, { breaches: false })
  server.manners = { rcpt: 550 }
  const refused = await alerts.request({ artistId: 'ar1' })
  assert.match(refused.email?.error ?? '', /550/)
  const [failed] = (await alerts.history({ limit: 1 })).items
  assert.deepEqual([failed?.status, failed?.error?.includes('ana@'), alerts.state().failed], ['failed', false, 1])
  server.manners = { rcpt: 451 }
  const { triggered, email } = await alerts.request({ artistId: 'ar1' })
  assert.deepEqual([triggered, email?.sent, email?.recipient], [true, false, 'ana@example.com'])
  assert.equal((await alerts.request({ artistId: 'ar1' })).cooldown_remaining, 3600)
  server.manners = {}
  time.now += 60_000
  await alerts.start()
  await until(() => server.accepted.length > 0)
  await until(async () => (await alerts.history({ limit: 1 })).items[0]?.status === 'sent')
  assert.deepEqual([server.accepted.length, alerts.state().sent, alerts.state().retried], [1, 1, 1])
  await alerts.close()
})

test('a broken answer is never sent again', async () => {
  const server = await startSmtpServer()
  const { documents } = openTempStore()
  const { alerts, time } = alertsOn(documents, server, { breaches: false })
  server.manners = { end: 'hang-up' }
  const { email } = await alerts.request({ artistId: 'ar1' })
  assert.equal(email?.sent, false)
  server.manners = {}
  time.now += 30 * 60_000
  await alerts.start()
  assert.equal((await alerts.request({ artistId: 'ar1' })).cooldown_remaining, 1800)
  await alerts.close()
  assert.deepEqual([server.received.length, (await onlyAlert(documents)).status], [1, 'unknown'])
})

test('names of artists do no harm', async () => {
  const server = await startSmtpServer()
  for (const name of ['<script>alert(1)</script>', 'A\r\nBcc: x@y.z\r\n\r\nhello', '=?utf-8?q?x=0D=0ABcc:_x?=']) {
    const { alerts } = alertsOn(openTempStore().documents, server, { name })
    assert.equal((await alerts.request({ artistId: name })).email?.sent, true)
    await alerts.close()
    const { raw, to } = server.accepted.at(-1)!
    const [headers = ''] = raw.split('\r\n\r\n')
    assert.deepEqual(
      [to, /^bcc:/im.test(headers), /<script/i.test(raw)],
      [['ana@example.com'], false, name.startsWith('<')],
    )
    const [, html = ''] = raw.split(/^Content-Type: text\/html.*$/m)
    assert.ok(html.includes('<p>') && !html.includes('<script'))
  }
})
