/** The service is stopped in the middle, and comes back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserOfFile } from './support/browser.ts'
import { shownFigures } from './support/figures.ts'
import { openPage } from './support/open-page.ts'
import { ownService, playOf } from './support/own-service.ts'

const browser = browserOfFile()

const HOUR_MS = 3_600_000
/** A page asks again every half minute, and then twice more. */
const RENEWED_MS = 60_000
/** A browser says of each request that it was not answered. */
const expected = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/

test('the last figures stay and are said to be old, what is new says what failed, and both recover', async t => {
  const service = await ownService()
  await service.post([playOf('4', 'u1', HOUR_MS), playOf('4', 'u2', HOUR_MS)])
  const page = await openPage(t, browser(), service, '/artist/4?range=7d&tz=UTC', { expected })
  const before = await shownFigures(page)
  assert.deepEqual(before.slice(0, 2), [2, 2])

  await service.stop()
  await page.getByText('The service does not answer.').waitFor({ timeout: RENEWED_MS })
  assert.deepEqual(await shownFigures(page), before)
  const isGrey = (tile: Element) => {
    for (let each: Element | null = tile; each; each = each.parentElement) {
      if (Number(getComputedStyle(each).opacity) < 1) return true
    }
    return false
  }
  assert.ok(await page.locator('button[aria-pressed]').first().evaluate(isGrey))

  await page.keyboard.press('4')
  const alert = page.getByRole('alert').filter({ hasText: 'The service cannot be reached. Is it running?' }).first()
  await alert.waitFor()

  await service.startAgain()
  await alert.getByRole('button', { name: 'Try again' }).click()
  await page.locator('button[aria-pressed]').first().waitFor()
  assert.deepEqual(await shownFigures(page), before)
  await page.keyboard.press('2')
  await page.getByText('The service does not answer.').waitFor({ state: 'detached', timeout: RENEWED_MS })
  assert.deepEqual(await shownFigures(page), before)
})

test('a page whose file cannot be loaded says so, and is there when it is tried again', async t => {
  const service = await ownService()
  await service.post([playOf('4', 'u1', HOUR_MS)])
  const page = await openPage(t, browser(), service, '/artist/4', {
    expected: /ERR_|dynamically imported module|preload CSS/,
  })
  await service.stop()
  await page.getByRole('link', { name: 'System' }).click()
  await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor()
  await service.startAgain()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { level: 1, name: 'System' }).waitFor()
})
