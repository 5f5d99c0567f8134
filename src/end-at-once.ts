/** Ending the process whatever its threads do. */
import { execPath } from 'node:process'

/**
 * Ends the process with exit code 1, at once. `process.exit` waits for the end of every thread, and so for ever where one
 * is stuck outside JavaScript, as in DuckDB. So the process becomes another program, which does nothing but exit: the
 * system ends all threads with that. Where the system can't, it ends by SIGKILL.
 */
export function endAtOnce(): never {
  if (process.execve) process.execve(execPath, [execPath, '--eval', 'process.exit(1)'], {})
  process.kill(process.pid, 'SIGKILL')
  throw new Error('the process goes on after SIGKILL')
}
