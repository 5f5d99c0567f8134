/** Every page, in both languages, on a phone and on a wide screen, light and dark. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Page } from 'playwright-core'
import { browserOfFile } from './support/browser.ts'
import { demoOfFile, TRAINED } from './support/demo-of-file.ts'
import { seriousFindings } from './support/findings.ts'
import { openPage, type Reader } from './support/open-page.ts'
import { pathsOf } from './support/paths.ts'

const demo = demoOfFile(TRAINED)
const browser = browserOfFile()

const LOCALES = ['en-GB', 'es-ES']
const WIDTHS = [390, 1440]
const PAGES = ['overview', 'artist', 'track', 'album', 'charts', 'recommendations', 'alerts', 'system']

const open = async (t: TestContext, page: string, reader: Reader) =>
  openPage(t, browser(), demo(), (await pathsOf(demo()))[page]!, reader)

for (const name of PAGES) {
  for (const locale of LOCALES) {
    for (const width of WIDTHS) {
      // What axe finds depends on the language or on the width, and on the colours, but hardly on all three.
      const isExamined = (locale === LOCALES[0]) === (width === WIDTHS[0])
      const what = isExamined ? 'has one heading, fits, and is for everybody' : 'has one heading, and fits'
      test(`${name} in ${locale} at ${width} px ${what}`, async t => {
        const page = await open(t, name, { locale, width })
        assert.equal(await page.locator('h1').count(), 1)
        assert.equal(await page.locator('html').getAttribute('lang'), locale.slice(0, 2))
        assert.ok((await page.title()).endsWith(' · UnderSounds Stats'))
        assert.deepEqual(await widths(page), { content: width, window: width })
        for (const colorScheme of isExamined ? (['light', 'dark'] as const) : []) {
          await page.emulateMedia({ colorScheme })
          assert.deepEqual(await seriousFindings(page), [], colorScheme)
        }
      })
    }
  }
  test(`${name} does not move for those who want no movement`, async t => {
    const page = await open(t, name, { reducedMotion: 'reduce', wait: false })
    await page.locator('main h1').waitFor()
    const running = () => document.getAnimations().filter(({ playState }) => playState === 'running').length
    assert.equal(await page.evaluate(running), 0)
  })
}

/** Of what is scrolled, and of what is seen of it. */
async function widths(page: Page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return { content: scrollWidth, window: clientWidth }
  })
}
