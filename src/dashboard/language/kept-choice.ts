/** What a reader chose for this browser, such as the language. A browser that keeps nothing is asked for nothing. */

/** The kept choice; undefined where there is none, or one that is not on offer any more. */
export function keptChoice<const T extends string>(name: string, offered: readonly T[]): T | undefined {
  try {
    const kept = localStorage.getItem(name)
    return offered.find(each => each === kept)
  } catch {
    return undefined
  }
}

export function keepChoice(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // The choice holds until the page is closed.
  }
}
