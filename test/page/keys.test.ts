/** Where the service has keys, pages that show somebody's data ask for one, and keep it for the session only. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { browserOfFile } from './support/browser.ts'
import { openPage } from './support/open-page.ts'
import { ownService, playOf } from './support/own-service.ts'

const browser = browserOfFile()

const KEY = 'the-right-key-of-this-test'
const env = { ADMIN_API_KEYS: KEY }
/** A browser says of each answer that it is an error. */
const expected = /status of 401/

async function give(page: Page, key: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'API key' })
  await dialog.getByLabel('API key').fill(key)
  await dialog.getByRole('button', { name: 'Use this key' }).click()
}

/** The values that outlive the session. Runs in the page. */
function keptForEver(): (string | null)[] {
  return Array.from({ length: localStorage.length }, (_, i) => localStorage.getItem(localStorage.key(i) ?? ''))
}

test('the page of alerts asks for a key, refuses a wrong one, and forgets the right one with the session', async t => {
  const service = await ownService(env)
  const page = await openPage(t, browser(), service, '/alerts', { expected, wait: false })
  await give(page, 'a-wrong-key-of-this-test')
  await page.getByRole('dialog').getByText('This key was refused.').waitFor()
  await give(page, KEY)
  await page.getByText('curl').first().waitFor()
  await page.reload()
  await page.getByText('curl').first().waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
  assert.ok(!(await page.evaluate(keptForEver)).includes(KEY))

  const other = await openPage(t, browser(), service, '/alerts', { expected, wait: false })
  await other.getByRole('dialog', { name: 'API key' }).waitFor()
  assert.equal(await other.getByText('curl').count(), 0)
})

test('who gives no key sees why there is nothing, and can give one later', async t => {
  const service = await ownService(env)
  const page = await openPage(t, browser(), service, '/alerts', { expected, wait: false })
  await page.getByRole('dialog', { name: 'API key' }).waitFor()
  await page.keyboard.press('Escape')
  const alert = page.getByRole('alert').filter({ hasText: 'This needs an API key.' }).first()
  await alert.getByRole('button', { name: 'Give a key' }).click()
  await give(page, KEY)
  await page.getByText('curl').first().waitFor()
})

test('figures are read without a key', async t => {
  const service = await ownService(env)
  await service.post([playOf('4', 'u1')], { 'x-api-key': KEY })
  const page = await openPage(t, browser(), service, '/artist/4')
  assert.equal(await page.getByRole('dialog').count(), 0)
})
