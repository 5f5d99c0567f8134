/** `npm run pictures`: makes the pictures of the dashboard in `docs/images/` from the demo. It takes about two minutes. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../chromium.ts'
import { type Demo, startDemo } from '../demo/start-demo.ts'

const FOLDER = join(import.meta.dirname, '../../docs/images')
const LANGUAGES = { en: 'en-GB', es: 'es-ES' } as const
const THEMES = ['light', 'dark'] as const
/** CSS pixels; a picture is as wide as a README shows it. */
const SIZE = { width: 1280, height: 1000 }
/** Between looks at whether all has come. */
const WAIT_MS = 200
const PHONE = { width: 390, height: 844 }

const PAGES = {
  overview: () => '/',
  artist: ({ artists }: Demo) => `/artist/${artists.viral}?range=90d&tz=Europe/Madrid`,
  recommendations: ({ artists, listener }: Demo) =>
    `/recommendations?listener=${listener}&artistId=${artists.viral}&tz=Europe/Madrid`,
}

console.log('Starting the demo: half a year of history …')
const demo = await startDemo()
try {
  const browser = await launchChromium()
  await mkdir(FOLDER, { recursive: true })
  for (const language of Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]) {
    for (const theme of THEMES) {
      for (const [page, pathOf] of Object.entries(PAGES)) {
        await take(browser, demo.url + pathOf(demo), { language, theme, size: SIZE }, `${page}-${theme}-${language}`)
      }
    }
  }
  await take(browser, demo.url + PAGES.artist(demo), { language: 'es', theme: 'dark', size: PHONE }, 'artist-phone')
  await browser.close()
} finally {
  await demo.stop()
}

interface Look {
  language: keyof typeof LANGUAGES
  theme: (typeof THEMES)[number]
  size: typeof SIZE
}

/** Takes the picture of a page once everything on it has come. */
async function take(browser: Browser, url: string, { language, theme, size }: Look, name: string): Promise<void> {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: theme,
    locale: LANGUAGES[language],
    timezoneId: 'Europe/Madrid',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('main h1').waitFor()
  while ((await page.locator('main [aria-busy=true]').count()) > 0) await page.waitForTimeout(WAIT_MS)
  await page.screenshot({ path: join(FOLDER, `${name}.png`) })
  await context.close()
  console.log(`docs/images/${name}.png`)
}
