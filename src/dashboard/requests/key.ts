/** The API key that the reader gave, where the service asks for one. It is kept for the session of this tab only. */

const NAME = 'key'
const listeners = new Set<() => void>()
let key = readKey()
let isWanted = false
/** Whether the reader has closed the question without a key. */
let isDeclined = false

function readKey(): string | null {
  try {
    return sessionStorage.getItem(NAME)
  } catch {
    return null
  }
}

/** What the page knows of its key: a store for `useSyncExternalStore`. */
export const keyStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  key: () => key,
  /** Whether an answer said that a key is needed, or that the one sent is wrong, and the reader was not asked yet. */
  isWanted: () => isWanted,
  /** Asks for a key, unless the reader was asked and gave none: answers are asked for again and again by themselves. */
  askOnce(): void {
    if (!isDeclined) this.ask()
  },
  ask(): void {
    isWanted = true
    tell()
  },
  /** Null forgets the key. */
  set(given: string | null): void {
    key = given
    isWanted = false
    isDeclined = false
    try {
      if (given === null) sessionStorage.removeItem(NAME)
      else sessionStorage.setItem(NAME, given)
    } catch {
      // The key holds until the page is closed.
    }
    tell()
  },
  leave(): void {
    isWanted = false
    isDeclined = true
    tell()
  },
}

function tell(): void {
  for (const listener of listeners) listener()
}
