/** How long a page takes until it is seen and until it is of use, and how calm it is meanwhile. */
import type { Browser, Page } from 'playwright-core'
import { countBytes, type LoadedBytes } from './first-load.ts'
import { settled } from './settled.ts'

export interface MeasuredLoad {
  bytes: LoadedBytes
  /** Milliseconds from the beginning of the visit: the first thing is seen. */
  firstPaint: number
  /** Milliseconds from the beginning of the visit: the six figures and their graph are there. Of pages that have them. */
  usable: number
  /** The sum of all layout shifts. */
  shift: number
  /** Milliseconds of the longest task; 0 where none takes 50. */
  longestTask: number
}

interface Observed {
  usable: number
  shift: number
  longestTask: number
}

/** Visits an address for the first time, with a processor so many times slower, and hands the page on when all is shown. */
export async function measuredLoad(
  browser: Browser,
  url: string,
  path: string,
  { slowdown, afterwards }: { slowdown: number; afterwards?: (page: Page) => Promise<void> },
): Promise<MeasuredLoad> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: 'Europe/Madrid' })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    const loaded = countBytes(page, url)
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await page.addInitScript(observe)
    await page.goto(url + path)
    await settled(page)
    const observed = await page.evaluate(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint')
      return { firstPaint: paint!.startTime, ...(window as unknown as { observed: Observed }).observed }
    })
    const bytes = await loaded()
    await afterwards?.(page)
    return { bytes, ...observed }
  } finally {
    await context.close()
  }
}

/** Runs in the page. */
function observe(): void {
  const observed: Observed = { usable: Number.NaN, shift: 0, longestTask: 0 }
  Object.assign(window, { observed })
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) observed.shift += (entry as PerformanceEntry & { value: number }).value
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) observed.longestTask = Math.max(observed.longestTask, duration)
  }).observe({ type: 'longtask', buffered: true })
  const look = () => {
    const hasFigures = document.querySelectorAll('main button[aria-pressed]').length === 6
    if (hasFigures && document.querySelector('main canvas')) observed.usable = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Milliseconds from a key that changes the range until the figures of the new one are drawn. */
export async function timeOfRange(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    const tiles = () => [...document.querySelectorAll('main button[aria-pressed]')]
    const shown = () =>
      tiles()
        .map(tile => tile.parentElement?.parentElement?.textContent)
        .join()
    const before = shown()
    const drawn = new Promise(resolve => {
      const press = ({ timeStamp }: KeyboardEvent) => {
        const look = () => {
          const isWaiting = tiles()[0]?.closest('[aria-busy="true"]') !== null
          if (isWaiting || shown() === before) requestAnimationFrame(look)
          // What was changed in this frame is painted before the next one.
          else requestAnimationFrame(() => resolve(performance.now() - timeStamp))
        }
        requestAnimationFrame(look)
      }
      document.addEventListener('keydown', press, { capture: true, once: true })
    })
    Object.assign(window, { drawn })
  })
  await page.keyboard.press(key)
  const time = await page.evaluate(() => (window as unknown as { drawn: Promise<number> }).drawn)
  await settled(page)
  return time
}
