/** Ends the service at random moments and starts it again. */
import { pause } from './pause.ts'
import type { Run } from './run.ts'

/** Between two ends, on average. */
const PAUSE_MS = 8_000
const SHORTEST_PAUSE_MS = 100
/** The share of ends in good order, and of those after which it is killed once more while it starts, and when. */
const GRACEFUL = 0.2
const KILLED_STARTING = 0.2
const LONGEST_START_MS = 1_000

/** Until the signal: after it, one process runs on for long enough to see whether its memory grows. */
export async function kill(run: Run, until: AbortSignal): Promise<void> {
  const { random } = run
  while (!until.aborted) {
    await pause(SHORTEST_PAUSE_MS + 2 * PAUSE_MS * random.unit() ** 2, until)
    if (until.aborted) return
    const lifeMs = random.unit() < KILLED_STARTING ? random.below(LONGEST_START_MS) : undefined
    await run.supervisor.restart(random.unit() < GRACEFUL ? 'SIGTERM' : 'SIGKILL', lifeMs)
  }
}
