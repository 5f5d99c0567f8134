/** The service as a process of its own, to be killed, starved and stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { listeningPort, NODE_FLAGS, START_ENV } from '../../dev/npm-start.ts'
import { storeSettings } from './store-in-use.ts'

const ROOT = join(import.meta.dirname, '../..')
const START_PATIENCE_MS = 60_000
/** No script that a test runs takes so long. */
const SCRIPT_PATIENCE_MS = 180_000

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface StartOptions {
  dataDir: string
  /** 0: a free one. */
  port?: number
  env?: NodeJS.ProcessEnv
  /** Arguments of the command line. */
  args?: readonly string[]
  /** The working directory: none of its `.env`, `config` or `data-dump` is the repository's. */
  folder?: string
  /** Hears each line of the log, and may end the process. */
  onLine?: (line: string, kill: () => void) => void
  /** Kills it, also while it starts. */
  signal?: AbortSignal
}

export class ServiceProcess {
  readonly url: string
  readonly port: number
  readonly ended: Promise<Ended>
  #child: ChildProcess

  private constructor(child: ChildProcess, ended: Promise<Ended>, port: number) {
    this.#child = child
    this.ended = ended
    this.port = port
    this.url = `http://127.0.0.1:${port}`
  }

  /** Starts `src/server.ts`; ready when it resolves. @throws Error with the output where it ends instead */
  static async start({
    dataDir,
    port = 0,
    env = {},
    args = [],
    folder,
    onLine,
    signal,
  }: StartOptions): Promise<ServiceProcess> {
    const settings = {
      NODE_OPTIONS: NODE_FLAGS.join(' '),
      ...(await storeSettings(dataDir)),
      // It takes a thread's time at a moment of its own; tests of it ask for it.
      RECOMMENDATION_TRAINING_HOURS: 'off',
      ...env,
      DATA_DIR: dataDir,
      PORT: String(port),
    }
    const { child, output } = run('src/server.ts', args, settings, folder)
    signal?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true })
    const lines = createInterface({ input: child.stdout }).on('line', tellError)
    if (onLine) lines.on('line', line => onLine(line, () => child.kill('SIGKILL')))
    const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }) as Ended)
    ended.then(({ code }) => {
      if (code) console.error(output.stderr)
    })
    const listening = new Promise<number>(resolve => {
      lines.on('line', line => {
        const found = listeningPort(line)
        if (found !== undefined) resolve(found)
      })
    })
    const failed = ended.then(({ code, signal }) => {
      throw new Error(`the service ended with ${code ?? signal}: ${output.text}`)
    })
    failed.catch(() => {})
    const patience = setTimeout(() => child.kill('SIGKILL'), START_PATIENCE_MS)
    try {
      return new ServiceProcess(child, ended, await Promise.race([listening, failed]))
    } finally {
      clearTimeout(patience)
    }
  }

  /** Of the process, for the measurements that the system makes. */
  get pid(): number {
    return this.#child.pid!
  }

  /** Sends the signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal)
    return this.ended
  }

  /** SIGSTOP: it keeps its connections, and does nothing. */
  pause(): void {
    this.#child.kill('SIGSTOP')
  }

  /** SIGCONT */
  resume(): void {
    this.#child.kill('SIGCONT')
  }

  /** What `/healthz` says, whatever the status. */
  async health(): Promise<HealthAnswer> {
    const response = await fetch(`${this.url}/healthz`)
    return (await response.json()) as HealthAnswer
  }

  /** Resolves when the figures contain everything that was accepted. */
  async projected(): Promise<void> {
    for (;;) {
      const { checks } = await this.health()
      if (checks.projector.lag_events === 0 && checks.storage.status === 'ok') return
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

export interface HealthAnswer {
  status: 'ok' | 'degraded' | 'error'
  checks: {
    memory: { rss_mb: number }
    storage: { status: string }
    integrity: { status: string; state: string; at?: string; found?: string }
    projector: { lag_events: number; lag_ms: number }
  }
}

/** What the service itself calls an error belongs beside the failure of the test that it may explain. */
function tellError(line: string): void {
  if (/"level":[56]0\b/.test(line)) console.error(line)
}

/** Runs the command line to its end. */
export async function runCli(
  dataDir: string,
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return runCliWith({ DATA_DIR: dataDir, ...(await storeSettings(dataDir)) }, ...args)
}

/** As `runCli`, with these settings. */
export async function runCliWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  return runToEnd('src/cli.ts', args, env)
}

/** Runs a script to its end; `script` is a path inside the repository. The code is null where it had to be killed. */
export async function runToEnd(script: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const { child, output } = run(script, args, env)
  const patience = setTimeout(() => child.kill('SIGKILL'), SCRIPT_PATIENCE_MS)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(patience)
  return { code, stdout: output.stdout, stderr: output.stderr }
}

/** Those that are still there when this process exits go with it. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv, folder = tmpdir()) {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ...START_ENV,
      RATE_LIMIT_DEFAULT: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const output = {
    stdout: '',
    stderr: '',
    get text() {
      return this.stdout + this.stderr
    },
  }
  child.stdout.on('data', data => {
    output.stdout += data
  })
  child.stderr.on('data', data => {
    output.stderr += data
  })
  return { child, output }
}

/** A folder that goes when the test ends. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stats-service-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Starts the service; what is left of it ends with the test. */
export async function startService(t: TestContext, options: StartOptions): Promise<ServiceProcess> {
  const service = await ServiceProcess.start(options)
  t.after(() => service.end('SIGKILL'))
  return service
}
