/** Ends the process whatever its threads do, and logs why. */
import { execPath } from 'node:process'
import { destination, pino } from 'pino'
import type { Config } from './settings/config.ts'

/** Logs a line before it returns: the usual log writes in the background, and loses lines when the process ends. */
export function logLast({ logLevel }: Pick<Config, 'logLevel'>, why: string, error?: Error): void {
  pino({ level: logLevel }, destination({ sync: true })).fatal(error ? { err: error } : {}, why)
}

/**
 * Ends the process with exit code 1, at once. `process.exit` waits for the end of every thread: for ever, where one is stuck
 * outside JavaScript, as in DuckDB. So the process replaces itself by another program (`execve`) that only exits, by which
 * the system ends all threads. On systems without `execve` it ends by SIGKILL.
 */
export function endAtOnce(): never {
  if (process.execve) process.execve(execPath, [execPath, '--eval', 'process.exit(1)'], {})
  process.kill(process.pid, 'SIGKILL')
  throw new Error('the process goes on after SIGKILL')
}
