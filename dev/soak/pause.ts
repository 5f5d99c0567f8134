import { setTimeout as wait } from 'node:timers/promises'

/** Waits so many milliseconds, or until the signal, whichever is first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {})
}
