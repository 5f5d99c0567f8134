/** The service on the embedded store, whatever store the other tests run on. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { ServiceProcess, type StartOptions, startService } from './service-process.ts'

export const EMBEDDED = { MONGO_URI: undefined, DB_NAME: undefined }

export const startEmbedded = (t: TestContext, options: StartOptions) => startService(t, { env: EMBEDDED, ...options })

/** What a start says that ends at once. */
export async function refusal(dataDir: string): Promise<string> {
  const error = await ServiceProcess.start({ dataDir, env: EMBEDDED }).then(
    () => assert.fail('it started'),
    (fault: Error) => fault,
  )
  assert.match(error.message, /^the service ended with 1:/)
  return error.message
}
