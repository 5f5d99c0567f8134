/**
 * What a reader looks at first is asked first. A page asks some ten questions at once, which the service answers side by side:
 * without this, the first figures would come as late as the last ones.
 */

/** The other questions wait no longer than so many milliseconds. */
const MOST_WAITING_MS = 400

const first = new Set<Promise<unknown>>()

/** Asks a question that others wait for. */
export async function asFirst<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = ask()
  first.add(answer)
  try {
    return await answer
  } finally {
    first.delete(answer)
  }
}

/** Asks a question once those that are first have their answers. */
export async function afterFirst<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  // All questions of a page are put in one task: those that are first may come after this one.
  await pause(0)
  if (first.size > 0) await Promise.race([Promise.allSettled(first), pause(MOST_WAITING_MS)])
  return ask()
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
