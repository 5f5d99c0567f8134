/** Little that is sent must not become much: memory, disk, time of the main thread, answers. */
import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { json, PLAY, postBatch, postEvent, problem } from '../support/http.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'
import { withstand } from '../support/under-attack.ts'

const GZIP = { 'content-encoding': 'gzip' }
const LINES = { 'content-type': 'application/x-ndjson' }
const MAX_GROWTH_MB = 200
const MB = 2 ** 20

interface Answer {
  accepted: number
  rejected: number
  results: { index: number; code?: string }[]
  cut?: true
  error?: { code: string }
}

/** An event that breaks a hundred rules, each at a path of some 260 characters. */
function longPaths(): string {
  const fields = Array.from({ length: 100 }, (_, i) => [`$${i}`, 0])
  return JSON.stringify({ ...PLAY, metadata: { ['k'.repeat(250)]: Object.fromEntries(fields) } })
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder)
  const sizes = await Promise.all(names.map(async name => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0) / MB
}

test('a service that gets little of which much could become keeps memory, disk and the main thread', async t => {
  const dataDir = await temporaryFolder(t)
  const service = await startService(t, { dataDir })
  const { url } = service
  const before = await sizeOf(dataDir)
  const paths = longPaths()
  const asBatch = gzipSync(`[${Array(10_000).fill(paths).join(',')}]`)
  const asLines = gzipSync(`${paths}\n`.repeat(50_000))
  const newlines = gzipSync(Buffer.alloc(512 * MB, '\n'))
  const rejections = gzipSync('x\n'.repeat(1_000_000))
  t.diagnostic(`${asBatch.length}, ${asLines.length}, ${newlines.length}, ${rejections.length} bytes are sent`)

  await withstand(t, service, async () => {
    const [batch, lines] = await Promise.all([
      postBatch(url, asBatch, GZIP).then(response => json<Answer>(response)),
      postBatch(url, asLines, { ...LINES, ...GZIP }).then(response => json<Answer>(response)),
    ])
    assert.deepEqual([batch.rejected, batch.results.length, batch.cut], [10_000, 10_000, true])
    assert.ok(JSON.stringify(batch.results).length <= MB)
    assert.equal(lines.error?.code, 'too_many_refused')
    assert.ok(JSON.stringify(lines.results).length <= MB)
    const emptied = await postBatch(url, newlines, { ...LINES, ...GZIP })
    await problem(emptied, 400, 'too_many_blank_lines')
    const refused = await json<Answer>(await postBatch(url, rejections, { ...LINES, ...GZIP }))
    assert.ok(refused.rejected <= 6_000 && refused.error, `${refused.rejected} of a million were rejected`)
    await problem(await postBatch(url, Buffer.alloc(MB / 2, '\n'), LINES), 400, 'too_many_blank_lines')
  })
  const growth = (await sizeOf(dataDir)) - before
  t.diagnostic(`${Math.round(growth)} MB more on disk`)
  assert.ok(growth <= MAX_GROWTH_MB, `${growth} MB more on disk`)
})

test('a service that gets little of which much could become reads what is made to be slow to read', async t => {
  const service = await startService(t, { dataDir: await temporaryFolder(t) })
  const { url } = service
  const whole = (value: string) => `{"metadata":{"x":${value}}}`
  const values = (value: string, bytes: number) => `[${Array(Math.floor(bytes / (value.length + 1))).fill(value)}]`
  const small = whole(values('[]', 60_000))
  const bodies = [
    `[${Array(60).fill(small)}]`,
    `[${Array(60).fill(whole('['.repeat(30_000) + ']'.repeat(30_000)))}]`,
    `[${Array(60).fill(whole('9'.repeat(60_000)))}]`,
    `[${Array(60).fill(whole(`{${Array.from({ length: 6000 }, (_, i) => `"$${i}":1`)}}`))}]`,
    `[${whole(values('[]', 16_000_000))}]`,
    '['.repeat(8_000_000) + ']'.repeat(8_000_000),
  ]
  await withstand(t, service, async () => {
    for (const body of bodies) assert.ok((await json<Answer>(await postBatch(url, body))).rejected > 0)
    assert.equal((await postBatch(url, values('1', 16_000_000))).status, 413)
    for (let i = 0; i < 20; i++) assert.equal((await postEvent(url, small)).status, 400)
  })
})
