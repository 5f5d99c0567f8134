// Builds the two servers, each once for its sources: `node test/mongo-servers/build.ts`, or on first use in a test.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Build {
  /** Where the outcome is, or will be: its name tells the sources, so what is there is up to date. */
  readonly output: string
  /** The program that builds, and those that are needed to run it; path null: not on this machine. */
  readonly tools: { readonly name: string; readonly path: string | null; readonly when: 'build' | 'run' }[]
  readonly command: (output: string) => { args: string[]; env?: Record<string, string> }
  readonly folder: string
}

export const JAVA = build({
  folder: join(import.meta.dirname, 'java'),
  sources: ['pom.xml', 'src/main/java/undersounds/stats/mongo/Server.java'],
  outputs: 'target',
  tools: [
    { name: 'mvn', path: find('mvn'), when: 'build' },
    { name: 'java', path: find('java'), when: 'run' },
  ],
  command: output => ({ args: ['-q', '-B', 'package', `-Dbuild.folder=${output}`] }),
})

export const FERRET = build({
  folder: join(import.meta.dirname, 'ferret'),
  sources: ['go.mod', 'go.sum', 'main.go'],
  outputs: 'bin',
  tools: [{ name: 'go', path: find('go', '/usr/local/go/bin'), when: 'build' }],
  command: output => ({
    args: ['build', '-trimpath', '-ldflags=-s -w', '-o', output],
    env: { CGO_ENABLED: '0' },
  }),
})

/** What a server still lacks on this machine. What is built needs no tools to build it. */
export function missingTools({ output, tools }: Build): string[] {
  return tools
    .filter(({ path, when }) => path === null && (when === 'run' || !existsSync(output)))
    .map(({ name }) => name)
}

/** Builds it unless it is built; waits for another process that does. Gives the path of the outcome. */
export async function built({ output, tools, command, folder }: Build): Promise<string> {
  if (existsSync(output)) return output
  const tool = tools.find(({ when }) => when === 'build')!
  if (tool.path === null) throw new Error(`no ${tool.name} to build ${folder}`)
  const outputs = join(output, '..')
  mkdirSync(outputs, { recursive: true })
  using _lock = await lock(join(outputs, '.lock'))
  if (existsSync(output)) return output

  for (const old of readdirSync(outputs)) {
    if (!old.startsWith('.lock')) rmSync(join(outputs, old), { recursive: true })
  }
  // Renamed when complete: whoever is killed in between leaves nothing that looks built.
  const unfinished = `${output}.${process.pid}`
  const { args, env } = command(unfinished)
  await run(tool.path, args, folder, env)
  renameSync(unfinished, output)
  return output
}

function build(of: Omit<Build, 'output'> & { sources: string[]; outputs: string }): Build {
  const hash = createHash('sha256')
  for (const source of of.sources) hash.update(readFileSync(join(of.folder, source)))
  return { ...of, output: join(of.folder, of.outputs, hash.digest('hex').slice(0, 12)) }
}

function find(program: string, ...elsewhere: string[]): string | null {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...elsewhere]) {
    try {
      const path = join(folder, program)
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // The next folder.
    }
  }
  return null
}

/** One process at a time, by SQLite's lock on a file: the system drops it with the process, however that ends. */
async function lock(file: string): Promise<Disposable> {
  const db = new DatabaseSync(file)
  for (;;) {
    try {
      db.exec('BEGIN EXCLUSIVE')
      return { [Symbol.dispose]: () => db.close() }
    } catch (error) {
      if (!/locked/.test(String(error))) throw error
      await sleep(200)
    }
  }
}

function run(program: string, args: string[], cwd: string, env: Record<string, string> = {}): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text))
  child.on('error', reject).on('close', code => {
    if (code === 0) resolve()
    else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`))
  })
  return promise
}

if (import.meta.main) {
  for (const each of [JAVA, FERRET]) console.log(await built(each))
}
