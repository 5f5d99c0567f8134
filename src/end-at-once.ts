/** Ending the process whatever its threads do, and saying why. */
import { execPath } from 'node:process'
import { destination, pino } from 'pino'
import type { Config } from './settings/config.ts'

/** Logs the line before it returns: other lines are written in the background, and may be lost where the process ends. */
export function logLast({ logLevel }: Pick<Config, 'logLevel'>, why: string, error?: Error): void {
  pino({ level: logLevel }, destination({ sync: true })).fatal(error ? { err: error } : {}, why)
}

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
