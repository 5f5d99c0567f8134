/** The text of a part of a page, also what is there for those who listen alone. */
import type { Locator } from 'playwright-core'

export const textOf = async (part: Locator): Promise<string> => (await part.textContent()) ?? ''
