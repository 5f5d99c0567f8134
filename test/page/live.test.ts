/** What happens at this moment is shown at this moment. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserOfFile } from './support/browser.ts'
import { openPage } from './support/open-page.ts'
import { ownService, playOf } from './support/own-service.ts'
import { textOf } from './support/text-of.ts'

const browser = browserOfFile()

const HOUR_MS = 3_600_000

test('the live counter moves when a play is posted, and the track of the play is there', async t => {
  const service = await ownService()
  await service.post([playOf('4', 'u1', HOUR_MS)])
  const page = await openPage(t, browser(), service, '/')
  const live = page.getByRole('region', { name: 'Listening now' })
  await live.getByText('Nobody listens at this moment.').waitFor()
  await service.post([playOf('4', 'u1'), playOf('4', 'u2')])
  await live.getByRole('link', { name: 'a1_1' }).waitFor({ timeout: 5_000 })
  assert.match(await textOf(live), /(?<!\d)2listeners.*(?<!\d)2plays/i)
})

test('a service without any event says how to send one, and shows the first as soon as it is there', async t => {
  const service = await ownService()
  const page = await openPage(t, browser(), service, '/')
  assert.match(await textOf(page.locator('main')), /curl .*\/api\/stats\/events/)
  await service.post([playOf('4', 'u1')])
  await page.getByRole('region', { name: 'Listening now' }).waitFor({ timeout: 15_000 })
})
