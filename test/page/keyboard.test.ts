/** The page by keyboard alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { browserOfFile } from './support/browser.ts'
import { demoOfFile } from './support/demo-of-file.ts'
import { openPage } from './support/open-page.ts'
import { settled } from './support/settled.ts'
import { textOf } from './support/text-of.ts'

const demo = demoOfFile()
const browser = browserOfFile()

const open = (...[t, path]: [Parameters<typeof openPage>[0], string]) => openPage(t, browser(), demo(), path)

/** What has the focus: its name, and whether that can be seen. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const { outlineStyle } = getComputedStyle(element)
    const { top, height } = element.getBoundingClientRect()
    const name = element.getAttribute('aria-label') ?? (element.textContent ?? '').trim().slice(0, 100)
    return { name, isSeen: outlineStyle !== 'none' && top >= 0 && height > 0 }
  })

test('the tab key goes through the header from its beginning, and shows where it is', async t => {
  const page = await open(t, '/charts')
  const names = []
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press('Tab')
    // What slides in takes a moment.
    await page.waitForTimeout(200)
    const { name, isSeen } = await focused(page)
    assert.ok(isSeen, `the focus on ${name} cannot be seen`)
    names.push(name)
  }
  assert.deepEqual(names.slice(2, 9), ['Overview', 'Charts', 'Recommendations', 'Alerts', 'System', 'Search', 'Keys'])
  assert.equal(names[0], 'Skip to the content')
})

test('/ opens the search, arrows choose, Enter opens, and the focus is on the new heading', async t => {
  const page = await open(t, '/')
  await page.keyboard.press('/')
  await page.getByRole('combobox').waitFor()
  const found = page.waitForResponse(response => response.url().includes('/api/stats/search'))
  await page.keyboard.type('img src', { delay: 20 })
  await found
  await page.getByRole('option').filter({ hasText: 'Artist' }).first().waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/artist/${demo().artists.markup}?*`)
  await settled(page)
  assert.equal((await focused(page)).name, '<img src=x onerror=alert(1)>')
})

test('Escape closes the search, and the focus is where it was', async t => {
  const page = await open(t, '/charts')
  await page.getByRole('button', { name: 'Search' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal((await focused(page)).name, 'Search')
})

test('? lists the keys of the page', async t => {
  const page = await open(t, `/artist/${demo().artists.biggest}`)
  await page.keyboard.press('?')
  const keys = await textOf(page.getByRole('dialog', { name: 'Keys' }))
  for (const expected of ['Search', 'Range: 7 days', 'The next comparison', 'The next figure', 'Go to: Charts']) {
    assert.ok(keys.includes(expected), `${expected} is not in ${keys}`)
  }
})

test('keys change the range and the page, and none of them does while a text is written', async t => {
  const page = await open(t, `/artist/${demo().artists.biggest}`)
  await page.keyboard.press('2')
  await page.waitForURL('**range=7d*')
  await page.keyboard.press('/')
  await page.getByRole('combobox').fill('')
  await page.keyboard.type('4')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.match(page.url(), /range=7d/)
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await page.waitForURL('**/charts?*range=7d*')
})

test('the menu of the range opens, chooses and closes by keys', async t => {
  const page = await open(t, `/artist/${demo().artists.biggest}`)
  await page.getByRole('button', { name: /^Range/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menu').waitFor()
  await page.getByRole('menuitemradio', { name: /90 days/ }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL('**range=90d*')
})
