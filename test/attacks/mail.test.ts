/** Nobody sends mail of their own with the service, however much they ask for. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import { startContentService } from '../../dev/content-service/server.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'
import { startSmtpServer } from '../support/smtp-server.ts'
import { withstand } from '../support/under-attack.ts'

/** Addresses of the loopback that ask, each of which has a rate limit of its own. */
const ATTACKERS = 8
const REQUESTS = 60
const NOBODY = { plays: 0, likes: 0, follows: 0 }
const BAIT =
  'Win money at www.example.net http://example.net/x ana@example.net\r\nBcc: victim@example.net <a href=//x.y>\u202e'

interface Answer {
  status: number
  body: Record<string, unknown>
}

/** Asks from this address of the loopback. */
function ask(port: number, localAddress: string, asked: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' }
  const options = { host: '127.0.0.1', port, localAddress, method: 'POST', path: '/api/stats/alerts', headers }
  return new Promise((resolve, reject) => {
    const sending = request(options, answer => {
      answer.setEncoding('utf8')
      let text = ''
      answer.on('data', (part: string) => {
        text += part
      })
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }))
    })
    sending.once('error', reject)
    sending.end(JSON.stringify(asked))
  })
}

async function start(t: TestContext, env: NodeJS.ProcessEnv) {
  const content = await startContentService({ requestsPerMinute: null, emails: true })
  t.after(() => content.close())
  const smtp = await startSmtpServer({ login: false, startTls: false })
  const mail = { SMTP_HOST: '127.0.0.1', SMTP_PORT: String(smtp.config.port), CONTENT_SERVICE_URL: content.url }
  const settings = { ...mail, ...env }
  const service = await startService(t, { dataDir: await temporaryFolder(t), env: settings })
  return { smtp, service }
}

/** What each attacker asks for in turn; the answers. */
async function flood(port: number, asked: (attacker: number, n: number) => object): Promise<Answer[]> {
  const answers: Answer[] = []
  const attack = async (attacker: number) => {
    for (let n = 0; n < REQUESTS; n++) {
      answers.push(await ask(port, `127.0.1.${attacker + 1}`, { thresholds: NOBODY, ...asked(attacker, n) }))
    }
  }
  await Promise.all(Array.from({ length: ATTACKERS }, (_, attacker) => attack(attacker)))
  return answers
}

const forms = (address: string, n: number) => [address, address.toUpperCase(), `V${address.slice(1)}`][n % 3]!

test('made-up artists and addresses: only artists of the catalogue are mailed, each once', async t => {
  const { smtp, service } = await start(t, { ALERT_RECIPIENTS: 'catalogue' })
  let answers: Answer[] = []
  await withstand(t, service, async () => {
    answers = await flood(service.port, (attacker, n) => {
      const made = { artistId: `${BAIT} ${attacker} ${n}`, notifyEmail: `victim${n}@example.net` }
      return n % 3 === 0 ? { artistId: String(1 + (n % 5)) } : n % 3 === 1 ? made : { ...made, notifyEmail: null }
    })
  })
  const refused = answers.filter(({ status }) => status === 403)
  assert.ok(refused.length > 0 && refused.every(({ body }) => body.code === 'recipient_not_allowed'))
  const recipients = smtp.received.flatMap(({ to }) => to)
  assert.ok(recipients.length > 0 && recipients.length <= 5, String(recipients))
  assert.equal(new Set(recipients).size, recipients.length)
  assert.ok(recipients.every(to => /^artist[1-5]@example\.com$/.test(to)))
})

test('one address in a hundred spellings, and links for names: one mail, with nothing in it that was sent', async t => {
  const { smtp, service } = await start(t, { ALERT_RECIPIENTS: 'example.net' })
  await withstand(t, service, async () => {
    await flood(service.port, (attacker, n) => ({
      artistId: `${BAIT} ${attacker} ${n}`,
      notifyEmail: n % 4 === 3 ? `victim@example.net\r\nBcc: b${n}@example.net` : forms('victim@example.net', n),
    }))
  })
  const [mail, ...others] = smtp.received
  assert.deepEqual([mail?.to.map(to => to.toLowerCase()), others.length], [['victim@example.net'], 0])
  const [headers = '', body = ''] = mail!.raw.split(/\r\n\r\n(.*)/s)
  assert.match(headers, /^Subject: UnderSounds: un artista supera [^\r\n]*(?:\r\n [^\r\n]*)*\r?$/m)
  assert.doesNotMatch(headers, /^bcc:/im)
  for (const text of ['money', 'example.net/']) assert.ok(!headers.includes(text), headers)
  assert.doesNotMatch(body, /www\.example|http:\/\/|ana@example|<a |\u202e/)
})
