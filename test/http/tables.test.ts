/** Tables of statistics: as JSON with the version of the definitions, or as CSV. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { sharedApp } from '../support/start-app.ts'

const ALBUM = '65f0000000000000000000c5'
const NAMES = ['=1+1', '+34 600', '-2', '@SUM(A1)', '\tTab', 'Ñandú, "El"\nZurdo', '＝1']

interface Csv {
  headers: Headers
  text: string
  rows: Record<string, string>[]
}

async function csv(url: string, headers: Record<string, string> = {}): Promise<Csv> {
  const response = await fetch(url, { headers })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'text/csv; charset=utf-8; header=present')
  // `text()` would drop the byte order mark.
  const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(await response.arrayBuffer())
  assert.ok(text.startsWith('\ufeff'))
  return { headers: response.headers, text, rows: parse(text, { bom: true, columns: true, record_delimiter: '\r\n' }) }
}

let filled: Promise<string> | undefined

async function fill(): Promise<string> {
  const { url, services } = await sharedApp()
  const plays = NAMES.map((artist, i) => ({
    ...PLAY,
    entityId: 'a-track-of-names',
    userId: `u${i}`,
    metadata: { artist },
  }))
  const at = (timestamp: string) => ({ ...PLAY, timestamp, metadata: { albumId: ALBUM } })
  const dated = [at('2026-11-01T10:00:00Z'), at('2026-11-03T10:00:00Z')]
  assert.equal((await json(await postBatch(url, [...plays, ...dated]))).accepted, NAMES.length + 2)
  await until(async () => (await services.health()).projector.lagEvents === 0)
  return url
}

const service = () => {
  filled ??= fill()
  return filled
}

test('a series as CSV has a header, a line a point, and the version of the definitions in a header', async () => {
  const url = `${await service()}/api/stats/album/${ALBUM}/kpis?startDate=2026-11-01&endDate=2026-11-03&interval=day`
  const { headers, text, rows } = await csv(`${url}&format=csv`)
  assert.deepEqual(text.split('\r\n').slice(0, 2), [
    '\ufeffstart,end,plays,uniqueListeners,likes,follows,purchases,revenue,revenueByCurrency',
    '2026-11-01T00:00:00.000Z,2026-11-02T00:00:00.000Z,1,1,0,0,0,0,{}',
  ])
  assert.deepEqual(
    rows.map(({ plays }) => plays),
    ['1', '0', '1'],
  )
  const { definitions } = await json<{ definitions: string }>(await fetch(url))
  assert.equal(headers.get('definitions-version'), definitions)
  assert.match(headers.get('content-disposition') ?? '', /^attachment; filename\*=UTF-8''kpis-65f0/)
})

test('without a series the CSV has the whole range as its only row', async () => {
  const { rows } = await csv(`${await service()}/api/stats/album/${ALBUM}/kpis?format=csv`)
  assert.deepEqual(
    rows.map(({ start, end, plays }) => [start, end, plays]),
    [['..', '..', '2']],
  )
})

test('the header Accept asks for CSV, and the parameter format decides', async () => {
  const url = `${await service()}/api/stats/overview`
  const accept = 'text/csv, application/json;q=0.5'
  const { rows } = await csv(url, { accept })
  assert.equal(rows[0]!.activeTracks, '2')
  await json(await fetch(`${url}?format=json`, { headers: { accept } }))
  await json(await fetch(`${url}?format=`))
  await problem(await fetch(`${url}?format=xml`), 400, 'format_unknown')
})

test('no cell of a CSV is a formula, and every text is read back as it was', async () => {
  const { rows } = await csv(`${await service()}/api/stats/unattributed?format=csv&limit=100`)
  const found = rows.filter(({ kind }) => kind === 'name').map(({ name }) => name)
  assert.deepEqual(found.sort(), ["'=1+1", "'+34 600", "'-2", "'@SUM(A1)", 'Tab', 'Ñandú, "El"\nZurdo', "'＝1"].sort())
  for (const row of rows) for (const cell of Object.values(row)) assert.doesNotMatch(cell, /^[=+\-@\t\r]/)
})

test('the header Link of a CSV leads through all pages', async () => {
  const base = await service()
  const subjects: string[] = []
  let next: string | undefined = '/api/stats/unattributed?limit=3&format=csv'
  while (next) {
    const { headers, rows } = await csv(base + next)
    subjects.push(...rows.map(({ subject }) => subject!))
    next = /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]
  }
  assert.equal(subjects.length, NAMES.length + 1)
  assert.equal(new Set(subjects).size, subjects.length)
})

test('a CSV without rows has its header', async () => {
  const url = `${await service()}/api/stats/artist/nobody/kpis?interval=day&format=csv`
  const { text, rows } = await csv(url)
  assert.deepEqual(rows, [])
  assert.match(text, /^\ufeffstart,end,plays/)
})

test('definitions say of every figure what it is called in both languages, its rule, and what changes it', async () => {
  const url = `${await service()}/api/stats/definitions`
  const { version, items } = await json<{ version: string; items: Record<string, unknown>[] }>(await fetch(url))
  assert.match(version, /^[0-9a-f]{12}$/)
  const plays = items.find(({ figure }) => figure === 'plays')
  assert.deepEqual(plays?.name, { es: 'Reproducciones', en: 'Plays' })
  assert.deepEqual(plays?.setting, { name: 'PLAY_MIN_SECONDS', value: '30' })
  const { rows } = await csv(`${url}?format=csv`)
  assert.deepEqual(
    rows.map(({ figure }) => figure),
    items.map(({ figure }) => figure),
  )
})
