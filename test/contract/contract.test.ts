/** The running service against its API document: schemathesis makes up requests, and holds the answers against it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { startContentService } from '../../dev/content-service/server.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'

const FOLDER = import.meta.dirname
const PATIENCE_MS = 300_000
const ADMIN_KEY = 'the-admin-key-of-the-contract'
const KEYS = { INGEST_API_KEYS: 'the-ingest-key-of-the-contract', ADMIN_API_KEYS: ADMIN_KEY }

/** What the service is started with, what the client sends besides, and how much it tries. */
interface Trial {
  env: Record<string, string>
  args: readonly string[]
  /** There must be so many requests at least. */
  cases: number
}

const TRIALS: Record<string, Trial> = {
  'with a key, everything is as the document says': {
    env: KEYS,
    args: ['--header', `x-api-key: ${ADMIN_KEY}`],
    cases: 2000,
  },
  'without keys, everything is as the document says': { env: {}, args: ['--phases', 'examples,coverage'], cases: 1000 },
  'without the key that is needed, everything is as the document says': {
    env: KEYS,
    args: ['--phases', 'examples,coverage', '--include-tag', 'Events', '--include-tag', 'Alerts'],
    cases: 300,
  },
}

describe('the contract', { concurrency: true }, () => {
  for (const [title, trial] of Object.entries(TRIALS)) it(title, t => hold(t, trial))
})

async function hold(t: TestContext, { env, args, cases }: Trial): Promise<void> {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  const dataDir = await temporaryFolder(t)
  const limits = { RATE_LIMIT_DEFAULT: 'off', RATE_LIMIT_STRICT: 'off', CONTENT_LOOKUPS_PER_MINUTE: '100000' }
  const { url } = await startService(t, { dataDir, env: { ...limits, ...env, CONTENT_SERVICE_URL: content.url } })
  const { code, output } = await schemathesis(await temporaryFolder(t), `${url}/api/openapi.json`, ...args)
  const ending = output.trim().split('\n').slice(-200).map(shortened).join('\n')
  assert.equal(code, 0, ending)
  const sent = Number(/^ *([\d,]+) generated/m.exec(output)?.[1]?.replaceAll(',', ''))
  t.diagnostic(ending.split('\n').slice(-8).join('\n'))
  assert.ok(sent >= cases, `only ${sent} requests: ${ending}`)
}

/** Some requests have a megabyte. */
const shortened = (line: string) => (line.length > 600 ? `${line.slice(0, 600)}…` : line)

/** Runs it to its end. `folder`: for what it remembers. */
async function schemathesis(folder: string, document: string, ...args: readonly string[]) {
  const config = join(FOLDER, 'schemathesis.toml')
  const child = spawn(
    join(FOLDER, '.venv/bin/schemathesis'),
    ['--config-file', config, 'run', document, '--no-color', ...args],
    {
      cwd: FOLDER,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HYPOTHESIS_STORAGE_DIRECTORY: folder },
      timeout: PATIENCE_MS,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const [code] = (await once(child, 'close').catch(error => {
    throw new Error('schemathesis does not run: npm run contract-tester installs it', { cause: error })
  })) as [number | null]
  return { code, output }
}
