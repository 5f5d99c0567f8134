/** The six figures as a page shows them, and as the API answers them. */
import type { Page } from 'playwright-core'

export const FIGURES = ['plays', 'uniqueListeners', 'likes', 'follows', 'purchases', 'revenue'] as const

/** In full, in the order of the tiles: what a tile shows short, its title has whole. */
export async function shownFigures(page: Page): Promise<number[]> {
  const written = await page
    .locator('main button[aria-pressed]')
    .evaluateAll(tiles =>
      tiles.map(tile => tile.parentElement?.parentElement?.querySelector('[title]')?.getAttribute('title')),
    )
  const decimal = (await page.locator('html').getAttribute('lang')) === 'es' ? ',' : '.'
  return written.map(text => numberOf(text ?? '', decimal))
}

/** `12345.67` of `€12,345.67`, and of `12.345,67 €`. */
function numberOf(text: string, decimal: string): number {
  const digits = [...text].filter(letter => /[\d-]/.test(letter) || letter === decimal)
  return digits.length === 0 ? Number.NaN : Number(digits.join('').replace(decimal, '.'))
}

/** What the API answers for the same, beside the page. */
export async function answeredFigures(url: string, path: string): Promise<number[]> {
  const answer = (await (await fetch(url + path)).json()) as Record<string, number>
  return FIGURES.map(figure => answer[figure]!)
}
