/** The outbox against a real mail server and the real embedded store. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type Alert, type AlertStatus, parseAlert } from '../../src/alerts/alert.ts'
import { encryptionOf, SmtpMailer, type SmtpOptions } from '../../src/alerts/mailer.ts'
import type { Mail } from '../../src/alerts/message.ts'
import type { SendOutcome } from '../../src/alerts/smtp-outcome.ts'
import { asciiAddress } from '../../src/identity/email-address.ts'
import { loadConfig } from '../../src/settings/config.ts'
import { ALERTS } from '../../src/storage/collections.ts'
import type { Documents } from '../../src/storage/storage.ts'
import { SELF_SIGNED, startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts'
import { openTempStore } from '../support/temp-store.ts'
import { BREACH, MINUTE_MS, mailerFor, START, testAlerts, until } from '../support/test-alerts.ts'

const mail: Mail = {
  recipient: 'ana@example.com',
  subject: 'Más',
  text: 'á\n.\nz',
  html: '<p>á</p>',
  date: new Date(START),
  key: 'key',
}

const withTls = ({ config }: TestSmtpServer, tls: SmtpOptions['tls']) => ({ config: { ...config, tls } })

const kindOf = async (outcome: Promise<SendOutcome>) => (await outcome).kind

test('sends over STARTTLS, logged in, to one recipient', async () => {
  const server = await startSmtpServer()
  assert.deepEqual(await mailerFor(server).send(mail, async () => true), { kind: 'sent' })
  const [got, ...others] = server.accepted
  assert.deepEqual(
    [got?.from, got?.to, got?.secure, got?.user, others],
    ['no-reply@undersounds.example', ['ana@example.com'], true, 'stats', []],
  )
  assert.match(got!.raw, /^Message-ID: <key@undersounds\.example>\r?$/m)
  assert.match(got!.raw, /^Auto-Submitted: auto-generated\r?$/m)
  assert.match(got!.raw, /^From: UnderSounds <no-reply@undersounds\.example>\r?$/m)
})

test('sends without a log-in where none is set', async () => {
  const server = await startSmtpServer({ login: false })
  assert.equal(await kindOf(mailerFor(server).send(mail, async () => true)), 'sent')
})

test('never sends a password in the clear, nor to a server whose certificate is untrusted', async () => {
  const plain = await startSmtpServer({ startTls: false })
  assert.equal(await kindOf(mailerFor(plain).send(mail, async () => true)), 'temporary')
  const selfSigned = await startSmtpServer()
  assert.equal(await kindOf(mailerFor(withTls(selfSigned, 'verify')).send(mail, async () => true)), 'temporary')
  assert.deepEqual([plain.logins, selfSigned.logins], [0, 0])
})

test('SMTP_TLS decides whether a certificate is verified, accepted as it is, or there is no encryption', async () => {
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

test('accepts a certificate of a trusted authority, and refuses one of another host', async t => {
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

test('on port 465 the connection is encrypted from the start, with the same rules for the certificate', () => {
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

test('all headers are ASCII, whatever the names of sender, recipient and artist are', async () => {
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

test('each failure of the mail server has its outcome', async () => {
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

test('a wrong password and an unreachable server are temporary failures', async () => {
  const server = await startSmtpServer()
  const wrong = { config: { ...server.config, pass: 'wrong' } }
  assert.deepEqual((await mailerFor(wrong).send(mail, async () => true)).kind, 'temporary')
  await server.stop()
  const outcome = await mailerFor(server).send(mail, async () => true)
  assert.deepEqual([outcome.kind, 'answered' in outcome && outcome.answered], ['temporary', false])
})

test('nothing is delivered where the caller does not allow the end of the message, or fails', async () => {
  const server = await startSmtpServer()
  const refuse = async () => false
  const fail = async () => {
    throw new Error('the store is away')
  }
  for (const gate of [refuse, fail]) assert.equal(await kindOf(mailerFor(server).send(mail, gate)), 'temporary')
  await new Promise(resolve => setTimeout(resolve, 50))
  assert.deepEqual(server.received, [])
})

test('a mail that a closing process breaks off is not delivered', async () => {
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

function alertsOn(documents: Documents, server: TestSmtpServer, { name = 'Ana', breaches = true } = {}) {
  const mailer = mailerFor(server)
  const breachingArtists = async () => (breaches ? [{ artistId: 'ar1', counts: BREACH }] : [])
  const contactOf = async () => ({ email: 'ana@example.com', name })
  return { mailer, ...testAlerts({ documents, mailer, figures: { breachingArtists }, contactOf }) }
}

async function onlyAlert(documents: Documents): Promise<Alert> {
  const [document, ...others] = await documents.list(ALERTS, { limit: 2 })
  assert.deepEqual(others, [])
  return parseAlert(document!)
}

/** Documents of a process that dies as it writes that an alert has this status: before or after that is written. */
function dyingAt(documents: Documents, status: AlertStatus, when: 'before' | 'after') {
  const { promise: died, resolve: die } = Promise.withResolvers<void>()
  const never = new Promise<never>(() => {})
  let dead = false
  const alive =
    <Args extends unknown[], Answer>(method: (...args: Args) => Promise<Answer>) =>
    (...args: Args): Promise<Answer> =>
      dead ? never : method(...args)
  const swap: Documents['swap'] = async (collection, id, from, to) => {
    if (dead) return never
    const isLast = collection === ALERTS && parseAlert({ value: to }).status === status
    if (!isLast) return documents.swap(collection, id, from, to)
    dead = true
    if (when === 'after') await documents.swap(collection, id, from, to)
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
  { writing: 'sending', when: 'before', mails: 1, status: 'sent' },
  { writing: 'sending', when: 'after', mails: 1, status: 'sent' },
  { writing: 'handing-over', when: 'before', mails: 1, status: 'sent' },
  { writing: 'handing-over', when: 'after', mails: 0, status: 'unknown' },
  { writing: 'sent', when: 'before', mails: 1, status: 'unknown' },
  { writing: 'sent', when: 'after', mails: 1, status: 'sent' },
] as const

for (const { writing, when, mails, status } of DEATHS) {
  test(`a process that dies ${when} it has written "${writing}" leads to ${mails} mails, and the alert becomes ${status}`, async () => {
    const server = await startSmtpServer()
    const { documents } = openTempStore()
    const { dying, died } = dyingAt(documents, writing, when)
    const first = alertsOn(dying, server)
    await first.alerts.evaluate()
    await died
    first.mailer.close()
    const second = alertsOn(documents, server)
    await second.alerts.start()
    await until(async () => (await onlyAlert(documents)).status === status)
    assert.equal((await second.alerts.request({ artistId: 'ar1' })).reason, 'cooldown')
    await second.alerts.close()
    assert.equal(server.received.length, mails)
  })
}

test('a refused mail is failed; one that is put off by the server is tried again until it is accepted', async () => {
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
  await time.pass(MINUTE_MS)
  await alerts.start()
  await until(() => server.accepted.length > 0)
  await until(async () => (await alerts.history({ limit: 1 })).items[0]?.status === 'sent')
  assert.deepEqual([server.accepted.length, alerts.state().sent, alerts.state().retried], [1, 1, 1])
  await alerts.close()
})

test('a mail whose answer was cut off is never sent again', async () => {
  const server = await startSmtpServer()
  const { documents } = openTempStore()
  const { alerts, time } = alertsOn(documents, server, { breaches: false })
  server.manners = { end: 'hang-up' }
  const { email } = await alerts.request({ artistId: 'ar1' })
  assert.equal(email?.sent, false)
  server.manners = {}
  await time.pass(30 * MINUTE_MS)
  await alerts.start()
  assert.equal((await alerts.request({ artistId: 'ar1' })).cooldown_remaining, 1800)
  await alerts.close()
  assert.deepEqual([server.received.length, (await onlyAlert(documents)).status], [1, 'unknown'])
})

test('no name of an artist adds a header or HTML to its mail', async () => {
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
