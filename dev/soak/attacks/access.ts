/** Doing what is not one's to do. The name of each function is its attack's. */
import type { Attack, Attacker } from '../attacker.ts'
import { cataloguedArtists } from '../events.ts'
import type { Call } from '../http-client.ts'
import { KEYS, oneOf } from '../run.ts'

const json = (method: string, path: string, value: unknown, headers: Record<string, string> = {}): Call => ({
  ...{ method, path, headers: { 'content-type': 'application/json', ...headers } },
  body: JSON.stringify(value),
})

const writing = (attacker: Attacker, headers: Record<string, string>): Call =>
  json('POST', '/api/stats/events', attacker.event(), headers)

/** What a page of somebody else makes a browser send. */
export const foreignOrigins: Attack = async attacker => {
  const admin = { 'x-api-key': KEYS.admin }
  for (const foreign of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
    await attacker.send(writing(attacker, foreign), 403)
    await attacker.send(json('POST', '/api/stats/cache/clear', {}, { ...admin, ...foreign }), 403)
    await attacker.send(
      { method: 'DELETE', path: '/api/stats/dead-letters?reason=x', headers: { ...admin, ...foreign } },
      403,
    )
  }
}

/** Keys by chance, half of one, and tokens of the platform that are no keys. */
export const guessedKeys: Attack = async attacker => {
  const jwt = `${btoa('{"alg":"HS256"}')}.${btoa('{"sub":"1"}')}.${attacker.random.uuid()}`.replaceAll('=', '')
  const guesses = [
    attacker.random.uuid(),
    KEYS.hostile.slice(0, -1),
    `${KEYS.hostile},${KEYS.admin}`,
    ' ',
    'k'.repeat(5_000),
  ]
  for (const key of guesses) await attacker.send(writing(attacker, { 'x-api-key': key }), 401)
  for (const token of [jwt, ...guesses.slice(0, 2)]) {
    await attacker.send(writing(attacker, { 'x-api-key': '', authorization: `Bearer ${token}` }), 401)
  }
}

/** What needs the key of an operator, with one that may write events, and without any. */
export const adminWithoutKey: Attack = async attacker => {
  const letters = '/api/stats/dead-letters'
  const calls: Call[] = [
    { method: 'GET', path: letters },
    { method: 'GET', path: `${letters}/summary` },
    { method: 'DELETE', path: `${letters}?all=true` },
    json('POST', `${letters}/replay`, { id: 'x', event: attacker.event() }),
    json('POST', '/api/stats/cache/clear', {}),
    json('POST', '/api/stats/alerts', { artistId: '1', notifyEmail: 'nobody@evil.example' }),
    { method: 'GET', path: '/api/stats/alerts/history' },
  ]
  for (const call of calls) {
    for (const key of ['', KEYS.hostile]) {
      await attacker.send({ ...call, headers: { ...call.headers, 'x-api-key': key } }, 401, 403)
    }
  }
}

/** With the key of an operator, alerts that are always due: of any artist, to any address. */
export const mailFlood: Attack = async attacker => {
  for (let i = 0; i < 30; i++) {
    const artistId = oneOf(
      [oneOf(cataloguedArtists, attacker.random).id, 'Buy at\r\nhttp://evil.example', '1'],
      attacker.random,
    )
    const notifyEmail = oneOf(
      ['one@example.com', `${attacker.random.uuid()}@example.com`, 'a@b\r\nBcc: c@d'],
      attacker.random,
    )
    const thresholds = { plays: 0, likes: 0, follows: 0 }
    const call = json('POST', '/api/stats/alerts', { artistId, notifyEmail, thresholds }, { 'x-api-key': KEYS.admin })
    await attacker.send(call, 200, 400)
  }
}
