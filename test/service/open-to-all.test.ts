/** What the start says where everybody who reaches the port may do everything. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startService, temporaryFolder } from '../support/service-process.ts'

/** The warnings of a start with these settings. */
async function warningsOf(t: TestContext, env: NodeJS.ProcessEnv): Promise<string[]> {
  const warnings: string[] = []
  const onLine = (line: string) => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string }
    if (level >= 40) warnings.push(msg)
  }
  const service = await startService(t, { dataDir: await temporaryFolder(t), env, onLine })
  await service.end('SIGTERM')
  return warnings
}

test('one line warns where others reach the port and no key is set, and none otherwise', async t => {
  const [warning, ...others] = await warningsOf(t, { HOST: '0.0.0.0' })
  assert.match(warning ?? '', /^HOST is 0\.0\.0\.0 and no key is set: .*INGEST_API_KEYS and ADMIN_API_KEYS/)
  assert.deepEqual(others, [])
  assert.deepEqual(await warningsOf(t, { HOST: '0.0.0.0', INGEST_API_KEYS: 'the-key-of-a-writer' }), [])
  assert.deepEqual(await warningsOf(t, { HOST: '127.0.0.1' }), [])
})
