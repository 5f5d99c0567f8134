/** However a body is named and cut into packets: all of it is taken in, or none, and the answer says which. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { json, PLAY, postEvent, problem } from '../support/http.ts'
import { type ServiceProcess, startService, temporaryFolder } from '../support/service-process.ts'
import { withstand } from '../support/under-attack.ts'

const LINES = ['first', 'second', 'third'].map(
  name => `${JSON.stringify({ ...PLAY, metadata: { artistId: 'lost', title: name } })}\n`,
)

const OF_LINES = [
  'application/x-ndjson',
  'Application/X-NDJSON',
  'APPLICATION/X-NDJSON; charset=UTF-8',
  ' application/x-ndjson ;charset="utf-8"',
  'application/x-ndjson;',
  'application/x-ndjson ; x',
  'Application/X-Ndjson; a="b;c=d"; A=1',
]
const OF_OTHERS = [
  '"application/x-ndjson"',
  'application / x-ndjson',
  'application/x-ndjson,application/json',
  'application/ndjson',
  'x-ndjson',
]

test('bodies of several packets, under odd names, are taken in whole or refused whole', async t => {
  const service = await startService(t, { dataDir: await temporaryFolder(t) })
  let taken = 0
  await withstand(t, service, async () => {
    for (const [type, encoding] of OF_LINES.flatMap(type => [
      [type, ''],
      [type, 'GZIP'],
      [type, ' Br '],
      [type, 'Identity'],
    ])) {
      const { status, answer } = await sendInPackets(service, 'events/batch', type!, encoding!)
      assert.deepEqual([status, answer.accepted], [200, LINES.length], `${type}, ${encoding}`)
      taken += LINES.length
    }
    for (const type of OF_OTHERS) {
      assert.equal((await sendInPackets(service, 'events/batch', type)).status, 415, type)
    }
    for (const type of [...OF_LINES, ...OF_OTHERS]) {
      for (const path of ['events', 'dead-letters/replay', 'alerts', 'cache/clear']) {
        assert.equal((await sendInPackets(service, path, type)).status, 415, `${path}, ${type}`)
      }
    }
    await problem(await postEvent(service.url, PLAY, { 'content-encoding': 'gzip, gzip' }), 415, 'unsupported_encoding')
  })
  await service.projected()
  const kpis = await json<{ plays: number }>(await fetch(`${service.url}/api/stats/artist/lost/kpis`))
  assert.equal(kpis.plays, taken)
})

interface Sent {
  status: number | undefined
  answer: { accepted?: number }
}

/** Three lines in three packets, with time between them. */
async function sendInPackets({ port }: ServiceProcess, path: string, type: string, encoding = ''): Promise<Sent> {
  const whole = encoded(LINES.join(''), encoding.trim().toLowerCase())
  const third = Math.ceil(whole.length / 3)
  const headers = { 'content-type': type, ...(encoding ? { 'content-encoding': encoding } : {}) }
  const sending = request({ host: '127.0.0.1', port, method: 'POST', path: `/api/stats/${path}`, headers })
  const sent = new Promise<Sent>((resolve, reject) => {
    sending.on('error', reject).on('response', async response => {
      const pieces = await response.toArray()
      resolve({ status: response.statusCode, answer: JSON.parse(Buffer.concat(pieces).toString()) as Sent['answer'] })
    })
  })
  for (let at = 0; at < whole.length; at += third) {
    sending.write(whole.subarray(at, at + third))
    await wait(5)
  }
  sending.end()
  return sent
}

function encoded(text: string, encoding: string): Buffer {
  if (encoding === 'gzip') return gzipSync(text)
  return encoding === 'br' ? brotliCompressSync(text) : Buffer.from(text)
}
