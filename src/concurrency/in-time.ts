/** Waiting for the catalogue, but not for long. */
import { setTimeout as wait } from 'node:timers/promises'

/** The answer; undefined where it fails, or does not come within `budgetMs`. */
export async function inTime<T>(answer: Promise<T>, budgetMs: number): Promise<T | undefined> {
  const answered = new AbortController()
  const late = wait(budgetMs, undefined, { signal: answered.signal }).catch(() => undefined)
  try {
    return await Promise.race([answer.catch(() => undefined), late])
  } finally {
    answered.abort()
  }
}
