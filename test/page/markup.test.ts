/** A name that is markup is text everywhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { browserOfFile } from './support/browser.ts'
import { demoOfFile } from './support/demo-of-file.ts'
import { openPage } from './support/open-page.ts'
import { textOf } from './support/text-of.ts'

const demo = demoOfFile()
const browser = browserOfFile()

const NAME = '<img src=x onerror=alert(1)>'

/** Its name stands there as it is; a dialog that it opened would be a fault of the page. */
async function isText(page: Page): Promise<void> {
  assert.ok((await textOf(page.locator('body'))).includes(NAME), 'the name is not on this page')
  assert.equal(await page.locator('img[src="x"], [onerror]').count(), 0)
}

test('the name is text on the page of its artist, and in the title of the tab', async t => {
  const page = await openPage(t, browser(), demo(), `/artist/${demo().artists.markup}?range=all`)
  await isText(page)
  assert.equal(await textOf(page.locator('h1')), NAME)
  assert.ok((await page.title()).startsWith(NAME))
})

test('the name is text on the pages of its tracks and albums', async t => {
  for (const kind of ['track', 'album']) {
    const answer = await fetch(`${demo().url}/api/stats/artist/${demo().artists.markup}/${kind}s?limit=1`)
    const { items } = (await answer.json()) as { items: { id: string }[] }
    const page = await openPage(t, browser(), demo(), `/${kind}/${items[0]!.id}?range=all`)
    await isText(page)
  }
})

test('the name is text among the rows of a ranking', async t => {
  const page = await openPage(t, browser(), demo(), '/charts?kind=albums&period=year&limit=100')
  await isText(page)
})

test('the name is text among what a search finds', async t => {
  const page = await openPage(t, browser(), demo(), '/')
  await page.keyboard.press('/')
  await page.getByRole('combobox').fill('onerror')
  await page.getByRole('option').first().waitFor()
  await isText(page)
})

test('the name is text among the alerts', async t => {
  const page = await openPage(t, browser(), demo(), `/alerts?artist=${demo().artists.markup}`)
  await isText(page)
})
