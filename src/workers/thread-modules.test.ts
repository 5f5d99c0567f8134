import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'

test('the threads load none of the schemas of requests, which would double the time of a start', async () => {
  const loaded: string[] = []
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      loaded.push(resolved.url)
      return resolved
    },
  })
  await import('../opening/open-storage.ts')
  await import('./write-worker.ts')
  await import('./figures-worker.ts')
  hooks.deregister()
  assert.ok(loaded.some(url => url.includes('/node_modules/@duckdb/')))
  assert.deepEqual(
    loaded.filter(url => url.includes('/node_modules/typebox/')),
    [],
  )
})
