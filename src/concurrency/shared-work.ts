/** One piece of work for all who want its result at the same time. */
import { setTimeout as wait } from 'node:timers/promises'

/**
 * The same work, done at most once in `apartMs` however many ask. Who asks gets the result of work that began afterwards, so
 * that it is never older than the question; for that, a second one may wait up to `apartMs`.
 */
export function shared<T>(work: () => Promise<T>, apartMs: number): () => Promise<T> {
  let begunAt = Number.NEGATIVE_INFINITY
  let next: Promise<T> | undefined
  const begin = async () => {
    await wait(Math.max(0, begunAt + apartMs - performance.now()))
    next = undefined
    begunAt = performance.now()
    return work()
  }
  return () => {
    next ??= begin()
    return next
  }
}
