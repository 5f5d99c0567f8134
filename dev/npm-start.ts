/** How `npm start` runs the service, for programs that run it as a process of their own. */
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

export const SERVER = join(ROOT, 'src/server.ts')

export const NODE_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=320']

export const START_ENV = {
  UV_THREADPOOL_SIZE: '16',
  MALLOC_ARENA_MAX: '2',
  // Code whose types are stripped already starts in half the time, and takes less memory.
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/node'),
}

/** The port that a line of the log says the service listens at; undefined for any other line. */
export function listeningPort(line: string): number | undefined {
  const port = /listening at http:\/\/[^:]+:(\d+)/.exec(line)?.[1]
  return port === undefined ? undefined : Number(port)
}
