/** The system's Chromium, one for each test file. */
import { after, before } from 'node:test'
import { type Browser, chromium } from 'playwright-core'

/** `CHROMIUM` names another one. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Starts before the first test of the file, and ends after the last. */
export function browserOfFile(): () => Browser {
  let browser: Browser | undefined
  before(async () => {
    // The sandbox of Chromium refuses to start as root.
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    browser = await chromium.launch({ executablePath: EXECUTABLE, args })
  })
  after(() => browser?.close())
  return () => {
    if (!browser) throw new Error('the browser starts before the first test')
    return browser
  }
}
