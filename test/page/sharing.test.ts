/** Every view is one address. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserOfFile } from './support/browser.ts'
import { demoOfFile } from './support/demo-of-file.ts'
import { openPage } from './support/open-page.ts'
import { pathsOf } from './support/paths.ts'
import { settled } from './support/settled.ts'
import { textOf } from './support/text-of.ts'

const demo = demoOfFile()
const browser = browserOfFile()

const parameter = (address: string, name: string) => new URL(address).searchParams.get(name)

test('a copied address shows the same to somebody else, in another time zone too', async t => {
  const page = await openPage(t, browser(), demo(), (await pathsOf(demo())).artist!)
  for (const key of ['4', 'c', 'm', 'i']) {
    await page.keyboard.press(key)
    await settled(page)
  }
  const address = page.url()
  assert.equal(parameter(address, 'range'), '90d')
  assert.equal(parameter(address, 'compare'), 'weekday')
  assert.equal(parameter(address, 'metric'), 'uniqueListeners')
  assert.equal(parameter(address, 'interval'), 'week')
  assert.equal(parameter(address, 'tz'), 'Europe/Madrid')
  const other = await openPage(t, browser(), demo(), address.slice(demo().url.length), { timezoneId: 'Asia/Tokyo' })
  assert.equal(other.url(), address)
  assert.equal(await textOf(other.locator('main')), await textOf(page.locator('main')))
})

test('back and forward go through what was looked at', async t => {
  const page = await openPage(t, browser(), demo(), '/charts')
  const addresses = [page.url()]
  const { artist } = await pathsOf(demo())
  await page.goto(demo().url + artist!)
  await settled(page)
  for (const key of ['2', '4', 'm']) {
    await page.keyboard.press(key)
    await settled(page)
    addresses.push(page.url())
  }
  assert.equal(new Set(addresses).size, addresses.length)
  const shown = await textOf(page.locator('main'))
  for (const expected of [addresses[2], addresses[1]]) {
    await page.goBack()
    await settled(page)
    assert.equal(page.url(), expected)
  }
  for (const expected of [addresses[2], addresses[3]]) {
    await page.goForward()
    await settled(page)
    assert.equal(page.url(), expected)
  }
  assert.equal(await textOf(page.locator('main')), shown)
})
