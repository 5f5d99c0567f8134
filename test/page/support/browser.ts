/** The system's Chromium, one for each test file. */
import { after, before } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../../../dev/chromium.ts'

/** Starts before the first test of the file, and ends after the last. */
export function browserOfFile(): () => Browser {
  let browser: Browser | undefined
  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser?.close())
  return () => {
    if (!browser) throw new Error('the browser starts before the first test')
    return browser
  }
}
