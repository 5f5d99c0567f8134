/** The API document as two generators of clients read it, and the service as those clients find it. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startContentService } from '../../dev/content-service/server.ts'
import { json } from '../support/http.ts'
import { temporaryFolder } from '../support/service-process.ts'
import { startApp } from '../support/start-app.ts'
import { callWithPython, callWithTypeScript } from './generators.ts'

const KEY = 'the-key-of-the-generated-clients'

/** The service with a catalogue and keys; an album of the artist 4, and the names of all operations. */
async function start(t: TestContext) {
  const content = await startContentService({ requestsPerMinute: null })
  t.after(() => content.close())
  const { url } = await startApp(t, {
    CONTENT_SERVICE_URL: content.url,
    CONTENT_LOOKUPS_PER_MINUTE: '100000',
    INGEST_API_KEYS: `${KEY}-ingest`,
    ADMIN_API_KEYS: KEY,
  })
  const { paths } = await json<{ paths: Record<string, Record<string, { operationId: string }>> }>(
    await fetch(`${url}/api/openapi.json`),
  )
  const operations = Object.values(paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId))
  const album = content.catalogue.albums.find(({ artistId }) => artistId === 4)!.id
  return { url, album, operations: operations.sort() }
}

test('a TypeScript client made by @hey-api/openapi-ts compiles, and calls every operation', async t => {
  const { url, album, operations } = await start(t)
  const { generated, functions } = await callWithTypeScript(url, await temporaryFolder(t), KEY, album)
  assert.doesNotMatch(generated, /warn|skip|error|⚠/i)
  assert.deepEqual([...new Set(functions)].sort(), operations)
})

test('a Python client made by openapi-python-client calls every operation, without a warning', async t => {
  const { url, album, operations } = await start(t)
  const { generated, functions } = await callWithPython(url, await temporaryFolder(t), KEY, album)
  assert.doesNotMatch(generated, /warn|skip|error/i)
  const snakeCase = operations.map(name => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`))
  assert.deepEqual([...new Set(functions)].sort(), snakeCase.sort())
})
