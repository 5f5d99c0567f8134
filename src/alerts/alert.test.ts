import assert from 'node:assert/strict'
import { test } from 'node:test'
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

test('a count that equals its threshold reaches it, and every count reaches a threshold of 0', () => {
  const kinds = (plays: number, likes: number) =>
    triggersOf({ plays, likes, follows: 0 }, { plays: 100, likes: 0, follows: 10 }).map(({ kind }) => kind)
  assert.deepEqual([kinds(99, 0), kinds(100, 0), kinds(101, 7)], [['likes'], ['plays', 'likes'], ['plays', 'likes']])
})

test('the cooldown lasts until an hour after the sending', () => {
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

test('the mail says in Spanish which artist reached which thresholds, and when', () => {
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

test('no name can add a header or HTML to the mail', () => {
  const script = alertMail('x/1', alert({ artistName: '<script>alert(1)</script>' }))
  assert.ok(!script.html.includes('<script'))
  const broken = alertMail('x/1', alert({ artistName: 'A\r\nBcc: x@y.z\u2028\u202e\u0000' }))
  assert.equal(broken.subject, 'UnderSounds: A Bcc: x @ y. z supera el umbral de reproducciones')
  assert.ok(alertMail('x/1', alert({ artistName: 'á'.repeat(10_000) })).subject.length < 200)
  const unnamed = alertMail('x/1', alert({ artistName: '\r\n' }))
  assert.match(unnamed.text, /^Artista ar1 ha/)
  assert.match(unnamed.subject, /: un artista supera/)
})

test('a name keeps the spelling of the catalogue, with joiners, emoji and flags', () => {
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

test('line breaks and marks of the reading direction are removed from a name', () => {
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

test('a name is cut after 100 characters as a reader counts them', () => {
  const SINGER = '👩\u200d🎤'
  const subjectOf = (artistName: string) => alertMail('x/1', alert({ artistName })).subject
  assert.ok(subjectOf(SINGER.repeat(100)).includes(`: ${SINGER.repeat(100)} supera`))
  assert.ok(subjectOf(SINGER.repeat(101)).includes(`: ${SINGER.repeat(100)}… supera`))
})

test('no mail program makes a link of a name', () => {
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

test('invisible characters are removed from a name', () => {
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

test('where the catalogue has no name, the mail shows the shortened id, and its subject no name', () => {
  const { subject, text } = alertMail('x/1', alert({ artistId: `<b>Win money at www.example.com ${'!'.repeat(1000)}` }))
  assert.equal(subject, 'UnderSounds: un artista supera el umbral de reproducciones')
  assert.ok(text.startsWith('Artista <b>Win money at www. example. com !!!'), text)
  assert.ok(text.indexOf('…') < 60, text)
})

test('all attempts at an alert have one message id, and no two alerts share one', () => {
  const key = (id: string, more: Partial<Alert> = {}) => alertMail(id, alert(more)).key
  assert.equal(key('ar1/1'), key('ar1/1', { attempts: 4 }))
  assert.notEqual(key('ar1/1'), key('ar1/2'))
})
