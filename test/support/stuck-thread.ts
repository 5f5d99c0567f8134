/**
 * Preloaded into the service (`--import`): the thread that `STUCK_THREAD` names is stuck outside JavaScript, in an endless
 * statement, as soon as the file `STUCK_FILE` is there. What the service does every ten seconds, it does every 200 ms.
 */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isMainThread, workerData } from 'node:worker_threads'

const ENDLESS = 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
const { STUCK_THREAD, STUCK_FILE } = process.env

if (isMainThread) {
  const { setInterval } = globalThis
  const faster: typeof setInterval = Object.assign(
    (work: () => void, ms?: number) => setInterval(work, ms === 10_000 ? 200 : ms),
    setInterval,
  )
  globalThis.setInterval = faster
} else if ('deadLetterMax' in workerData === (STUCK_THREAD === 'write')) {
  const timer = setInterval(() => {
    if (!existsSync(STUCK_FILE!)) return
    clearInterval(timer)
    new DatabaseSync(':memory:').prepare(ENDLESS).get()
  }, 20)
  timer.unref()
}
