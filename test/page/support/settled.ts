/** Waits until a page shows all that it asked for. */
import type { Page } from 'playwright-core'

/** Nothing has been waited for since so many milliseconds. */
const QUIET_MS = 500
const PATIENCE_MS = 30_000

/** There is a heading, and nothing is loading: the last of what is below comes some moments after what is seen first. */
export async function settled(page: Page): Promise<void> {
  // What was done just now may not have been heard of by the page yet.
  await page.evaluate(() => Object.assign(window, { quietSince: undefined }))
  await page.waitForFunction(
    quietMs => {
      const isBusy = !document.querySelector('main h1') || document.querySelector('main [aria-busy="true"]') !== null
      const state = window as { quietSince?: number | undefined }
      if (isBusy) state.quietSince = undefined
      else state.quietSince ??= performance.now()
      return state.quietSince !== undefined && performance.now() - state.quietSince >= quietMs
    },
    QUIET_MS,
    { timeout: PATIENCE_MS, polling: 50 },
  )
}
