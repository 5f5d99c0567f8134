/** What addresses show that name nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserOfFile } from './support/browser.ts'
import { demoOfFile } from './support/demo-of-file.ts'
import { openPage } from './support/open-page.ts'
import { textOf } from './support/text-of.ts'

const demo = demoOfFile()
const browser = browserOfFile()

test('an address that is none of the page says so, and leads to the overview', async t => {
  const page = await openPage(t, browser(), demo(), '/charts')
  await page.evaluate(() => history.pushState(null, '', '/nothing'))
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor()
  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
})

test('an artist, an album and a track that nothing names show a command that changes it', async t => {
  for (const kind of ['artist', 'album', 'track']) {
    const page = await openPage(t, browser(), demo(), `/${kind}/${encodeURIComponent("50% of nobody's/1")}`)
    const text = await textOf(page.locator('main'))
    assert.match(text, /curl .*\/api\/stats\/events/)
    assert.ok(text.includes("50% of nobody's/1"), text)
    const address = page.url()
    await page.keyboard.press('2')
    await page.waitForURL('**range=7d*')
    assert.equal(new URL(page.url()).pathname, new URL(address).pathname)
  }
})
