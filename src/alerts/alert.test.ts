import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressKey, asciiAddress, masked } from '../identity/email-address.ts'
import { StoredWaits } from '../storage/stored-waits.ts'
import { HOUR_MS } from '../units.ts'
import { type Alert, type AlertStatus, triggersOf } from './alert.ts'
import { type Asker, cooldownLeft } from './cooldown.ts'
import { alertMail } from './message.ts'

const NOW = Date.parse('2026-11-24T10:00:00Z')

const alert = (more: Partial<Alert> = {}): Alert & { recipient: string } => ({
  artistId: 'ar1',
  at: NOW,
  windowMinutes: 60,
  counts: { plays: 120, likes: 3, follows: 0 },
  triggers: [{ kind: 'plays', count: 120, threshold: 100 }],
  automatic: false,
  status: 'pending',
  attempts: 0,
  nextAttemptAt: NOW,
  error: null,
  ...more,
  recipient: 'ana@example.com',
})

test('a count reaches its threshold from it on, and always one of 0', () => {
  const kinds = (plays: number, likes: number) =>
    triggersOf({ plays, likes, follows: 0 }, { plays: 100, likes: 0, follows: 10 }).map(({ kind }) => kind)
  assert.deepEqual([kinds(99, 0), kinds(100, 0), kinds(101, 7)], [['likes'], ['plays', 'likes'], ['plays', 'likes']])
})

test('the cooldown lasts an hour from the sending, and as long as a mail waits', () => {
  const waits = () => new StoredWaits(() => NOW + 10 * 60_000)
  const left = (status: AlertStatus, sentAt?: number, asker: Asker = 'request') => {
    const kept = { id: 'ar1/1', alert: alert({ status, ...(sentAt === undefined ? {} : { sentAt }) }) }
    return cooldownLeft(kept, asker, waits()) / 60_000
  }
  assert.deepEqual(
    (['pending', 'sending', 'handing-over'] as const).map(status => left(status)),
    [60, 60, 60],
  )
  assert.deepEqual([left('sent', NOW + 60_000), left('unknown', NOW), left('sent', NOW - HOUR_MS)], [51, 50, 0])
  assert.deepEqual([left('failed'), left('none')], [0, 0])
  assert.deepEqual([left('failed', undefined, 'automatic'), left('none', undefined, 'automatic')], [50, 50])
  assert.equal(cooldownLeft(null, 'request', waits()), 0)
})

test('an address is one plain address, its domain in ASCII', () => {
  for (const good of ['ana@example.com', 'a.b+c@x-y.example', 'root@localhost', 'a..b@x.y']) {
    assert.equal(asciiAddress(good), good)
  }
  assert.equal(asciiAddress('ana@Ñandú.example'), 'ana@xn--and-6ma2c.example')
  assert.equal(asciiAddress('ana@nandú.example'), asciiAddress('ana@nandu\u0301.example'))
  assert.equal(asciiAddress('a@हिन्दी.example'), 'a@xn--j2bd4cyah0f.example')
  assert.equal(asciiAddress('a@کتاب\u200cها.example'), 'a@xn--mgbacg1m8wy53l.example')
  const bad = [
    '',
    'ana',
    'a@x, b@y',
    'Ana <a@x.y>',
    'a@x.y\r\nBcc: b@x.y',
    'a b@x.y',
    'a@x.y ',
    '<a@x.y>',
    'a@b@c',
    '"a"@x.y',
    'josé@example.com',
    'b@mail_1.example',
    'a@x.y\n',
    'a@x\r\n.y',
    'a@x..y',
    'a@x.y.',
    'a@.x.y',
    'a@-x.y',
    'a@x-.y',
    'a@127.0.0.1',
    'a@x.1',
    'a@[127.0.0.1]',
    'a@x%41.y',
    'a@x/y.z',
    'a@❤.example',
    `${'a'.repeat(65)}@x.y`,
    `a@${'b'.repeat(64)}.y`,
    `a@${'ñ'.repeat(60)}.y`,
    `a@${'b.'.repeat(126)}y`,
    `${'a'.repeat(250)}@x.y`,
  ]
  for (const text of bad) assert.equal(asciiAddress(text), null, text)
})

test('masks every address of a text', () => {
  assert.equal(masked('ana@example.com'), 'a***@example.com')
  assert.equal(masked('550 5.1.1 <ana@example.com>: not here'), '550 5.1.1 <a***@example.com>: not here')
  assert.equal(masked('😀smile@example.com'), '😀***@example.com')
})

test('says in Spanish who reached what, and when', () => {
  const triggers = [
    { kind: 'plays' as const, count: 120, threshold: 100 },
    { kind: 'likes' as const, count: 50, threshold: 50 },
    { kind: 'follows' as const, count: 11, threshold: 10 },
  ]
  const mail = alertMail('ar1/1', alert({ artistName: 'Ñandú & Co', triggers }))
  assert.equal(mail.subject, 'UnderSounds: Ñandú & Co supera los umbrales de reproducciones, me gusta y seguidores')
  assert.match(mail.text, /Ñandú & Co ha alcanzado en los últimos 60 minutos:\n\n- reproducciones: 120 \(umbral: 100\)/)
  assert.match(mail.text, /2026-11-24 10:00 UTC/)
  assert.match(mail.html, /<p>Ñandú &amp; Co ha/)
})

test('no name can break out of the subject or the HTML', () => {
  const script = alertMail('x/1', alert({ artistName: '<script>alert(1)</script>' }))
  assert.ok(!script.html.includes('<script'))
  const broken = alertMail('x/1', alert({ artistName: 'A\r\nBcc: x@y.z\u2028\u202e\u0000' }))
  assert.equal(broken.subject, 'UnderSounds: A Bcc: x @ y. z supera el umbral de reproducciones')
  assert.ok(alertMail('x/1', alert({ artistName: 'á'.repeat(10_000) })).subject.length < 200)
  const unnamed = alertMail('x/1', alert({ artistName: '\r\n' }))
  assert.match(unnamed.text, /^Artista ar1 ha/)
  assert.match(unnamed.subject, /: un artista supera/)
})

test('a name is spelled as the catalogue has it, joiners, emoji and flags with it', () => {
  const FLAG = '🏴󠁧󠁢󠁷󠁬󠁳󠁿'
  for (const name of [
    'کتاب\u200cها',
    '👩\u200d🎤 Estrella',
    `${FLAG} Cymru`,
    'क्\u200dष',
    '❤️ Amor',
    'AC/DC',
    '宇多田　ヒカル',
  ]) {
    const { subject, text, html } = alertMail('x/1', alert({ artistName: name }))
    assert.equal(subject, `UnderSounds: ${name} supera el umbral de reproducciones`)
    assert.ok(text.startsWith(`${name} ha alcanzado`) && html.includes(`<p>${name} ha alcanzado`))
  }
})

test('what breaks a line or turns the direction of reading leaves a name', () => {
  const named = (artistName: string) =>
    /^UnderSounds: (.*) supera/s.exec(alertMail('x/1', alert({ artistName })).subject)?.[1]
  assert.equal(named('a\r\nb\u2028c\u2029d\u0085e\tf\u0000g'), 'a b c d e f g')
  const turns = [
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2067',
    '\u2068',
    '\u2069',
    '\u200e',
    '\u200f',
    '\u061c',
  ]
  assert.equal(named(turns.map(turn => `x${turn}`).join('')), 'x'.repeat(turns.length))
})

test('a name is cut after a hundred characters as readers see them', () => {
  const SINGER = '👩\u200d🎤'
  const subjectOf = (artistName: string) => alertMail('x/1', alert({ artistName })).subject
  assert.ok(subjectOf(SINGER.repeat(100)).includes(`: ${SINGER.repeat(100)} supera`))
  assert.ok(subjectOf(SINGER.repeat(101)).includes(`: ${SINGER.repeat(100)}… supera`))
})

test('a name is no link, whatever a program that shows mails takes for one', () => {
  const cases: [name: string, shown: string][] = [
    ['www.example.com', 'www. example. com'],
    ['https://example.com/x?y', 'https: /example. com/x?y'],
    ['ana@example.com', 'ana @ example. com'],
    ['mailto:ana@localhost', 'mailto: ana @ localhost'],
    ['\\\\host\\share', '/host/share'],
    ['example\u3002com', 'example\u3002 com'],
    ['example\uff0ecom', 'example\uff0e com'],
    ['example.\u200bcom', 'example. com'],
    ['exam\u2060ple.c\u00adom', 'example. com'],
    ['192.0.2.1:80', '192. 0. 2. 1: 80'],
    ['will.i.am', 'will. i. am'],
  ]
  for (const [name, shown] of cases) {
    const { subject, text, html } = alertMail('x/1', alert({ artistName: name }))
    assert.equal(subject, `UnderSounds: ${shown} supera el umbral de reproducciones`)
    assert.ok(text.startsWith(`${shown} ha alcanzado`) && html.includes(`<p>${shown} ha alcanzado`), text)
  }
})

test('what nobody sees leaves a name', () => {
  const unseen = [
    '\u200b',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u3164',
    '\u115f',
    '\u180e',
    '\u2800',
    '\ufe0f',
    '\u{e0041}',
    '\u200d',
  ]
  const { subject } = alertMail('x/1', alert({ artistName: unseen.map(each => `x${each}`).join('') }))
  assert.ok(subject.includes(`: ${'x'.repeat(unseen.length)} supera`), JSON.stringify(subject))
})

test('of an artist whom the catalogue does not name, the mail shows the id, cut, and its subject nothing', () => {
  const { subject, text } = alertMail('x/1', alert({ artistId: `<b>Win money at www.example.com ${'!'.repeat(1000)}` }))
  assert.equal(subject, 'UnderSounds: un artista supera el umbral de reproducciones')
  assert.ok(text.startsWith('Artista <b>Win money at www. example. com !!!'), text)
  assert.ok(text.indexOf('…') < 60, text)
})

test('two spellings of an address have one key', () => {
  const keys = ['Ana@Ñandú.example', 'ana@xn--and-6ma2c.EXAMPLE', 'ANA@ñandu\u0301.example'].map(addressKey)
  assert.deepEqual([...new Set(keys)], ['ana@xn--and-6ma2c.example'])
})

test('all attempts at an alert have one key, and no two alerts', () => {
  const key = (id: string, more: Partial<Alert> = {}) => alertMail(id, alert(more)).key
  assert.equal(key('ar1/1'), key('ar1/1', { attempts: 4 }))
  assert.notEqual(key('ar1/1'), key('ar1/2'))
})
