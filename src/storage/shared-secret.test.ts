import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failing, openTempStore } from '../../test/support/temp-store.ts'
import { SharedSecret } from './shared-secret.ts'
import { StoreUnavailable } from './storage.ts'

const { documents } = openTempStore()

test('instances that create a secret at the same moment get the same one, and so does every later one', async () => {
  const instances = Array.from({ length: 5 }, () => new SharedSecret(documents, 'at-once'))
  const secrets = await Promise.all(instances.map(each => each.read()))
  assert.match(secrets[0] as string, /^[\w-]{43}$/)
  assert.equal(new Set(secrets).size, 1)
  assert.equal(await new SharedSecret(documents, 'at-once').read(), secrets[0])
})

test('secrets of other names are others', async () => {
  const secrets = await Promise.all(['one', 'two'].map(name => new SharedSecret(documents, name).read()))
  assert.notEqual(secrets[0], secrets[1])
})

test('a secret that could not be written is not used, and is created later', async () => {
  const store = failing(documents)
  const secret = new SharedSecret(store, 'refused')
  store.failure = new StoreUnavailable('no space')
  await assert.rejects(secret.read(), StoreUnavailable)
  store.failure = undefined
  assert.equal(await secret.read(), await new SharedSecret(documents, 'refused').read())
})
