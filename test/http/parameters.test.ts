/** What parameters may look like: one form for each meaning, and whatever else is refused with its name and the rule. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { documentedApp } from '../../src/write-openapi.ts'
import { json, type Problem, post, problem } from '../support/http.ts'
import { sharedApp } from '../support/start-app.ts'

interface Parameter {
  name: string
  in: string
  schema: { type?: string; enum?: string[]; format?: string; pattern?: string }
}

interface Described {
  path: string
  method: string
  parameter: Parameter
}

/** All parameters that the document names: a new one is among them. */
async function parameters(): Promise<Described[]> {
  const app = await documentedApp()
  const { paths } = app.swagger() as { paths: Record<string, Record<string, { parameters?: Parameter[] }>> }
  await app.close()
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      (operation.parameters ?? []).map(parameter => ({ path, method: method.toUpperCase(), parameter })),
    ),
  )
}

/** A path whose own parameters are right. */
const filled = (path: string) => path.replace(/\{\w+\}/, '4')

/** Asks with a path as it is: `fetch` would tidy it up. */
function ask(url: string, method: string, path: string): Promise<{ status: number; body: Problem }> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: new URL(url).port, method, path }, async answer => {
      resolve({ status: answer.statusCode ?? 0, body: JSON.parse(await text(answer)) as Problem })
    })
    sent.on('error', reject).end()
  })
}

/** What must be sent besides. */
const BESIDES: Record<string, string> = { '/api/recommendations/similar': 'genre=Rock&' }

const NO_INTEGERS = ['1e1', '0x10', '%2010', '10%20', '+5', '%2B5', '1.0', '', '010', '1_0', '٣', 'true', '5,0', '--5']

test('every number is taken as digits alone', async () => {
  const { url } = await sharedApp()
  const numbers = (await parameters()).filter(({ parameter }) => parameter.schema.type === 'integer')
  assert.ok(numbers.length >= 6)
  for (const { path, method, parameter } of numbers) {
    for (const wrong of NO_INTEGERS) {
      const query = `${BESIDES[path] ?? ''}${parameter.name}=${encodeURI(decodeURIComponent(wrong)).replaceAll('+', '%2B')}`
      const { status, body } = await ask(url, method, `${filled(path)}?${query}`)
      assert.equal(status, 400, `${path}?${query}`)
      assert.deepEqual(body.errors, [
        { path: parameter.name, code: 'wrong_type', message: 'must be an integer in digits alone' },
      ])
    }
  }
})

test('every fixed word is one of those that the document names', async () => {
  const { url } = await sharedApp()
  const words = (await parameters()).filter(({ parameter }) => parameter.schema.enum)
  assert.ok(words.length >= 4)
  for (const { path, method, parameter } of words) {
    for (const wrong of ['%20', 'decade', `${parameter.schema.enum![0]}%20`]) {
      const { status, body } = await ask(url, method, `${filled(path)}?${parameter.name}=${wrong}`)
      assert.equal(status, 400, `${path} ${parameter.name}=${wrong}`)
      assert.deepEqual([body.code, body.errors?.[0]?.path], [`${parameter.name}_unknown`, parameter.name])
    }
  }
})

test('an empty word, date or zone is the same as absent', async () => {
  const { url } = await sharedApp()
  for (const path of [
    'stats/artist/4/kpis?startDate=&endDate=&tz=&interval=&compare=',
    'stats/trending?period=&mode=',
  ]) {
    assert.deepEqual(
      await json(await fetch(`${url}/api/${path}`)),
      await json(await fetch(`${url}/api/${path.split('?')[0]}`)),
    )
  }
})

test('returns 400 for a parameter that does not have its form', async () => {
  const { url } = await sharedApp()
  const formed = (await parameters()).filter(({ parameter }) => parameter.schema.format && parameter.in === 'query')
  assert.ok(formed.length >= 7)
  const mayBeEmpty = new Set(['cursor', 'startDate', 'endDate', 'tz'])
  for (const { path, method, parameter } of formed) {
    const wrong = [mayBeEmpty.has(parameter.name) ? '%20' : '', '%20', '%00', '%0A']
    for (const value of parameter.name === 'genre' ? wrong.slice(0, 2) : wrong) {
      const { status, body } = await ask(url, method, `${filled(path)}?${parameter.name}=${value}`)
      assert.equal(status, 400, `${path} ${parameter.name}=${value}`)
      assert.equal(body.errors?.[0]?.path, parameter.name)
    }
  }
})

test('returns 400 for a parameter that is given twice', async () => {
  const { url } = await sharedApp()
  for (const { path, method, parameter } of await parameters()) {
    if (parameter.in !== 'query') continue
    const { status, body } = await ask(url, method, `${filled(path)}?${parameter.name}=1&${parameter.name}=1`)
    assert.equal(status, 400, `${path} ${parameter.name}`)
    assert.ok(
      body.errors?.some(({ path: at, message }) => at === parameter.name && message === 'must be given once'),
      JSON.stringify(body),
    )
  }
})

test('returns 400 for an id in a path that is empty, blank or too long, or has NUL or half a surrogate pair', async () => {
  const { url } = await sharedApp()
  const inPaths = (await parameters()).filter(({ parameter }) => parameter.in === 'path')
  assert.ok(inPaths.length >= 2)
  for (const { path, method, parameter } of inPaths) {
    const at = (value: string) => path.replace(`{${parameter.name}}`, value)
    for (const wrong of ['', '%00', 'a%00b', '%ED%A0%80', '%C0%80', 'a'.repeat(1001), 'a'.repeat(15_000)]) {
      for (const written of [at(wrong), `/${at(wrong)}`, `${at(wrong)}/`]) {
        const { status, body } = await ask(url, method, written)
        assert.equal(status, 400, written.slice(0, 80))
        assert.match(body.code, /^(required|text_invalid|too_long|bad_url)$/, written.slice(0, 80))
        if (body.code !== 'bad_url') assert.equal(body.errors?.[0]?.path, parameter.name)
      }
    }
    assert.equal((await ask(url, method, at('%F0%9F%8E%B5'.repeat(1000)))).status, 200)
  }
  for (const wrong of ['%20', '%09', 'undefined', 'null', 'NaN', '%5Bobject%20Object%5D', 'UNDEFINED']) {
    const kpis = await ask(url, 'GET', `/api/stats/artist/${wrong}/kpis`)
    assert.deepEqual([kpis.status, kpis.body.code], [400, 'required'], wrong)
    const history = await ask(url, 'GET', `/api/stats/alerts/history?artistId=${wrong}`)
    assert.deepEqual([history.status, history.body.code], [400, 'required'], wrong)
  }
})

test('a path with an empty parameter answers other methods like the path itself', async () => {
  const { url } = await sharedApp()
  assert.equal((await ask(url, 'DELETE', '/api/stats/artist//kpis')).status, 405)
  assert.equal((await ask(url, 'GET', '/api/stats/artist//nothing')).status, 404)
})

test('one answer names all faults of a query', async () => {
  const { url } = await sharedApp()
  const { errors = [] } = await problem(
    await fetch(`${url}/api/stats/trending?limit=1e1&period=x&Mode=x`),
    400,
    'wrong_type',
  )
  assert.deepEqual(
    errors.map(({ path, code }) => [path, code]),
    [
      ['limit', 'wrong_type'],
      ['period', 'period_unknown'],
      ['Mode', 'unknown_parameter'],
    ],
  )
})

test('takes exactly the cursors that a listing gave', async () => {
  const { url } = await sharedApp()
  for (const path of ['stats/alerts/history', 'stats/dead-letters', 'stats/unattributed']) {
    for (const cursor of ['%20', '-1', 'WyI', 'zzzzzzzzzzz', '5.%2B'])
      await problem(await fetch(`${url}/api/${path}?cursor=${cursor}`), 400, 'cursor_invalid')
    await json(await fetch(`${url}/api/${path}?cursor=`))
  }
})

test('returns 400 for a field of a body that has not the type of the document', async () => {
  const { url } = await sharedApp()
  for (const [path, body] of [
    ['alerts', { artistId: '4', windowMinutes: '60' }],
    ['alerts', { artistId: '4', thresholds: { plays: '5' } }],
    ['alerts', { artistId: '4', thresholds: 'true' }],
    ['alerts', { artistId: true }],
    ['alerts', { artistId: ['4'] }],
    ['cache/clear', { key: 5 }],
    ['cache/clear', []],
    ['cache/clear', null],
    ['events', { eventType: 'track.played', timestamp: 1, entityId: '1', anonymous: 'true' }],
    ['events', { eventType: 'track.played', timestamp: true, entityId: '1' }],
    ['events', { eventType: 'order.paid', timestamp: 1, entityId: '1', metadata: { items: [{ quantity: '5' }] } }],
  ] as const) {
    await problem(await post(`${url}/api/stats/${path}`, body), 400, 'wrong_type')
  }
})
