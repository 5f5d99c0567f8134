/** The service of the demo: a process of its own, as `npm start` runs it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { listeningPort, NODE_FLAGS, SERVER, START_ENV } from '../npm-start.ts'

const SHIFTED_CLOCK = join(import.meta.dirname, '../shifted-clock.ts')
/** Lines of its log that are told where it ends by itself. */
const LAST_LINES = 10

interface ServiceOptions {
  /** Its working directory, in which it keeps its data: no `.env` or shared dump of the repository is read. */
  folder: string
  /** 0: a free one. */
  port: number
  /** Milliseconds by which its clock is ahead of the machine's. */
  clockShift: number
  env: NodeJS.ProcessEnv
}

export class DemoService {
  readonly url: string
  /** Resolves when the process has ended; why, with the last lines of its log. */
  readonly ended: Promise<string>
  readonly pid: number
  readonly #child: ChildProcess

  /** Listens when it resolves. @throws Error with the last lines of its log where it ends instead */
  static async start({ folder, port, clockShift, env }: ServiceOptions): Promise<DemoService> {
    const imports = clockShift === 0 ? [] : ['--import', SHIFTED_CLOCK]
    const child = spawn(process.execPath, [...NODE_FLAGS, ...imports, SERVER], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        ...START_ENV,
        CLOCK_SHIFT_MS: String(clockShift),
        DATA_DIR: join(folder, 'data'),
        PORT: String(port),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    const log: string[] = []
    const onLine = (line: string) => {
      if (log.push(line) > LAST_LINES) log.shift()
    }
    const output = createInterface({ input: child.stdout }).on('line', onLine)
    createInterface({ input: child.stderr }).on('line', onLine)
    const ended = once(child, 'close').then(([code, signal]) => {
      process.off('exit', kill)
      return `the service ended with ${code ?? signal}:\n${log.join('\n')}`
    })
    const listening = new Promise<number>(resolve => {
      output.on('line', line => {
        const found = listeningPort(line)
        if (found !== undefined) resolve(found)
      })
    })
    const found = await Promise.race([listening, ended])
    if (typeof found === 'string') throw new Error(found)
    return new DemoService(child, ended, found)
  }

  private constructor(child: ChildProcess, ended: Promise<string>, port: number) {
    this.#child = child
    this.ended = ended
    this.pid = child.pid!
    this.url = `http://127.0.0.1:${port}`
  }

  /** Stops it in good order. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    await this.ended
  }
}
