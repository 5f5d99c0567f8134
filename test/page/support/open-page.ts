/** Opens a page of the dashboard as a reader would, and fails the test for what no page may do. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { collectFaults } from './faults.ts'
import { settled } from './settled.ts'

export interface Reader {
  /** Default: `en-GB`. */
  locale?: string
  /** Default: `Europe/Madrid`, whose days are not those of UTC. */
  timezoneId?: string
  /** Pixels; default: 1440. */
  width?: number
  colorScheme?: 'light' | 'dark'
  reducedMotion?: 'reduce' | 'no-preference'
  /** How many times slower the processor is. */
  slowdown?: number
  /** Faults that the test brings about, such as a service that is stopped. */
  expected?: RegExp
  /** Whether to wait until all is shown; default: true. */
  wait?: boolean
}

interface Site {
  url: string
  /** Whose covers are shown. */
  catalogueUrl?: string
}

const HEIGHT = 900

/** In a context of its own, so without anything that another page has kept; it is closed with the test. */
export async function openPage(
  t: TestContext,
  browser: Browser,
  { url, catalogueUrl }: Site,
  path: string,
  {
    locale = 'en-GB',
    timezoneId = 'Europe/Madrid',
    width = 1440,
    slowdown = 1,
    expected,
    wait = true,
    ...media
  }: Reader = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale,
    timezoneId,
    viewport: { width, height: HEIGHT },
    ...media,
  })
  const hosts = [url, catalogueUrl].filter(each => each !== undefined).map(each => new URL(each).host)
  const faults = await collectFaults(context, hosts)
  t.after(async () => {
    await context.close()
    const unexpected = faults.filter(fault => !expected?.test(fault))
    assert.deepEqual(unexpected, [], `${path} did what no page may do`)
  })
  const page = await context.newPage()
  if (slowdown > 1) {
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  }
  await page.goto(url + path)
  if (wait) await settled(page)
  return page
}
