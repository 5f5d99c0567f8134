/** Shares one run of work among concurrent callers. */
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Returns a function that runs `work` at most once in `intervalMs` milliseconds, however often it is called. A caller gets the
 * result of a run that began after the call, so that it is never outdated; for that the caller may wait up to `intervalMs`.
 */
export function shared<T>(work: () => Promise<T>, intervalMs: number): () => Promise<T> {
  let begunAt = Number.NEGATIVE_INFINITY
  let next: Promise<T> | undefined
  const begin = async () => {
    await wait(Math.max(0, begunAt + intervalMs - performance.now()))
    next = undefined
    begunAt = performance.now()
    return work()
  }
  return () => {
    next ??= begin()
    return next
  }
}
