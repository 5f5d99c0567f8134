import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Build, built, FERRET, JAVA, missingTools } from './build.ts'

/** A server that speaks MongoDB's protocol; it ends with this process at the latest. */
export interface MongoServer {
  readonly name: string
  /** mongodb://127.0.0.1:<port> */
  readonly uri: string
  readonly port: number
  /** Undefined while it is stopped. */
  readonly pid: number | undefined
  /** SIGTERM unless told otherwise; returns when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** After stop(): the same port, and the same data where the server is a durable one. */
  start(): Promise<void>
  /** SIGSTOP: it keeps its connections and the port, and answers nothing. */
  pause(): void
  /** SIGCONT */
  resume(): void
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

const START_TIMEOUT_MS = 60_000
/** Whoever does not end by SIGTERM within this time is killed. */
const STOP_TIMEOUT_MS = 20_000

/** mongo-java-server on H2: in memory, or durable: then whatever it acknowledged outlives even a SIGKILL. */
export async function startJavaServer({ durable = false }: { durable?: boolean } = {}): Promise<MongoServer> {
  const output = await built(JAVA)
  const java = JAVA.tools.find(({ name }) => name === 'java')!.path
  if (java === null) throw new Error('no java to run mongo-java-server')
  const classPath = [join(output, 'mongo-server.jar'), join(output, 'lib', '*')].join(delimiter)
  // Quick to start and small rather than fast in the long run.
  const options = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dslf4j.internal.verbosity=ERROR']
  return startServer('mongo-java-server', (port, folder) => [
    java,
    [
      ...options,
      '-cp',
      classPath,
      'undersounds.stats.mongo.Server',
      `${port}`,
      ...(durable ? [join(folder, 'data.mv')] : []),
    ],
  ])
}

/** FerretDB on SQLite, durable. */
export async function startFerret(): Promise<MongoServer> {
  const program = await built(FERRET)
  return startServer('FerretDB', (port, folder) => [program, [`${port}`, folder]])
}

interface Choice {
  readonly name: string
  /** It reads a whole collection where MongoDB uses an index: to be given little. */
  readonly scansAll: boolean
  readonly start: () => Promise<MongoServer>
}

const LOCAL: (Choice & { build: Build })[] = [
  { name: 'mongo-java-server', scansAll: false, start: () => startJavaServer(), build: JAVA },
  { name: 'FerretDB', scansAll: true, start: startFerret, build: FERRET },
]

const MISSING = LOCAL.map(({ name, build }) => ({ name, tools: missingTools(build) })).filter(
  ({ tools }) => tools.length > 0,
)

/** Whether `startJavaServer` can work here. */
export const HAS_JAVA_SERVER = !MISSING.some(({ name }) => name === 'mongo-java-server')

const GIVEN_URI = process.env.TEST_MONGO_URI

/** Each server that tests run against: the one at TEST_MONGO_URI alone, else those that this machine can have. */
export const SERVERS: readonly Choice[] = GIVEN_URI
  ? [{ name: 'TEST_MONGO_URI', scansAll: false, start: async () => givenServer(GIVEN_URI) }]
  : LOCAL.filter(({ name }) => !MISSING.some(missing => missing.name === name))

/** What SERVERS lacks and why, in one line; null: nothing. In CI nothing may be left out. */
export function leftOut(): string | null {
  if (MISSING.length === 0) return null
  return MISSING.map(({ name, tools }) => `${name} is left out: no ${tools.join(', ')} on this machine`).join('; ')
}

if (process.env.CI && leftOut() !== null) throw new Error(`${leftOut()}. CI runs every test: see .ci/run.`)

function givenServer(uri: string): MongoServer {
  const refuse = () => {
    throw new Error('the server at TEST_MONGO_URI is not ours to stop, start or pause')
  }
  return {
    name: 'TEST_MONGO_URI',
    uri,
    port: Number(/:(\d+)(?=[,/?]|$)/.exec(uri)?.[1] ?? 27017), // Of the first host: a URL has but one.
    pid: undefined,
    stop: async () => refuse(),
    start: async () => refuse(),
    pause: refuse,
    resume: refuse,
    remove: async () => {},
  }
}

type Command = [program: string, args: string[]]
type Child = ChildProcessByStdio<Writable, Readable, Readable>

async function startServer(name: string, command: (port: number, folder: string) => Command): Promise<MongoServer> {
  const folder = mkdtempSync(join(tmpdir(), 'undersounds-mongo-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', removeFolder)
  const port = await freePort()
  let child: Child | undefined
  let waker: Child | undefined

  const server = {
    name,
    uri: `mongodb://127.0.0.1:${port}`,
    port,
    get pid() {
      return child?.pid
    },
    async start() {
      if (child) throw new Error(`${name} is running`)
      child = await startChild(name, command(port, folder))
      const started = child
      started.once('exit', () => {
        if (child === started) child = undefined
      })
    },
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      const stopping = child
      if (!stopping) return
      stopping.ref()
      const exited = once(stopping, 'exit')
      stopping.kill(signal)
      server.resume()
      const timer = setTimeout(() => {
        console.error(`${name} does not end by ${signal}: it is killed`)
        stopping.kill('SIGKILL')
      }, STOP_TIMEOUT_MS)
      await exited
      clearTimeout(timer)
    },
    pause() {
      if (!child || waker) return
      // A stopped server does not see that this process has ended: this shell wakes it then.
      waker = spawn('/bin/sh', ['-c', 'cat > /dev/null; kill -CONT "$0"', `${child.pid}`], { stdio: 'pipe' })
      release(waker)
      child.kill('SIGSTOP')
      waitUntilStopped(child.pid!)
    },
    resume() {
      waker?.stdin.end()
      waker = undefined
      child?.kill('SIGCONT')
    },
    async remove() {
      await server.stop('SIGKILL')
      process.off('exit', removeFolder)
      removeFolder()
    },
  }
  try {
    await server.start()
  } catch (error) {
    await server.remove()
    throw error
  }
  return server
}

/** Starts the program and waits for its line `listening on <port>`; the program ends when its stdin does. */
async function startChild(name: string, [program, args]: Command): Promise<Child> {
  const child = spawn(program, args, { stdio: 'pipe' })
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000)
      if (/^listening on \d+$/m.test(output)) resolve()
    })
  }
  child.stdin.on('error', () => {})
  child.once('error', reject)
  child.once('close', (code, signal) => reject(new Error(`${name} ended with ${signal ?? code}`)))
  const timer = setTimeout(() => reject(new Error(`${name} did not start in time`)), START_TIMEOUT_MS)
  try {
    await listening
  } catch (error) {
    child.kill('SIGKILL')
    await Promise.race([once(child, 'close'), sleep(1000)])
    throw new Error(`${(error as Error).message}. Its output:\n${output}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
  release(child)
  return child
}

/** The signal only starts to stop the threads: one of them could still answer a request. Linux tells when it is done. */
function waitUntilStopped(pid: number): void {
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) return
  const runs = (task: string) => !/^State:\s+T/m.test(readFileSync(join(tasks, task, 'status'), 'utf8'))
  while (readdirSync(tasks).some(runs)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
}

/** Lets this process end while the child runs (it then sees the end of its stdin). */
function release(child: Child): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref()
}

/**
 * A port that the system gives to no connection by itself (it takes those from 32768 on), so that it is still free
 * after a stop: a client that tries to connect meanwhile could otherwise even be given the port, and reach itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const probe = createServer().listen(port, '127.0.0.1')
    try {
      await once(probe, 'listening')
      return port
    } catch {
      // Taken: another one.
    } finally {
      probe.close()
    }
  }
}
