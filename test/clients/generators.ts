/** Makes clients of the running service, and calls every operation with them. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const FOLDER = import.meta.dirname
const TSC = join(FOLDER, '../../node_modules/.bin/tsc')
const PROGRAMS = join(FOLDER, '.venv/bin')
/** No step takes so long. */
const PATIENCE_MS = 120_000

/** What a person who makes a client for Node writes. */
const TSCONFIG = {
  compilerOptions: {
    target: 'esnext',
    module: 'nodenext',
    lib: ['esnext', 'dom', 'dom.iterable'],
    types: ['node'],
    typeRoots: [join(FOLDER, '../../node_modules/@types')],
    strict: true,
    noUncheckedIndexedAccess: true,
    rootDir: '.',
    outDir: 'built',
  },
}

export interface Called {
  /** All that the generator wrote while it made the client. */
  generated: string
  /** The functions that were called, in order, in the language's own spelling. */
  functions: string[]
}

/** Makes a TypeScript client in this folder, compiles it with a program that calls everything, and runs that. */
export async function callWithTypeScript(url: string, folder: string, ...args: string[]): Promise<Called> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  await copyFile(join(FOLDER, 'calls/every-operation.ts'), join(folder, 'every-operation.ts'))
  const generator = join(FOLDER, 'node_modules/@hey-api/openapi-ts/bin/run.js')
  const input = `${url}/api/openapi.json`
  const generated = await run(folder, process.execPath, [generator, '-i', input, '-o', join(folder, 'client')])
  await run(folder, TSC, ['-p', folder])
  const output = await run(folder, process.execPath, [join(folder, 'built/every-operation.js'), url, ...args])
  return { generated, functions: output.trim().split('\n') }
}

/** Makes a Python client in this folder, and runs a program that calls everything. */
export async function callWithPython(url: string, folder: string, ...args: string[]): Promise<Called> {
  await mkdir(folder, { recursive: true })
  await copyFile(join(FOLDER, 'calls/every_operation.py'), join(folder, 'every_operation.py'))
  const target = ['--output-path', join(folder, 'client'), '--meta', 'none', '--fail-on-warning']
  const generator = join(PROGRAMS, 'openapi-python-client')
  const generated = await run(folder, generator, ['generate', '--url', `${url}/api/openapi.json`, ...target])
  const output = await run(folder, join(PROGRAMS, 'python'), [join(folder, 'every_operation.py'), url, ...args])
  return { generated, functions: output.trim().split('\n') }
}

/** Runs a program to its end, and gives what it wrote. */
async function run(folder: string, program: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', PATH: [PROGRAMS, process.env.PATH].join(delimiter) }
  const child = spawn(program, args, { cwd: folder, env, timeout: PATIENCE_MS, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [code] = await once(child, 'close').catch(error => {
    throw new Error(`${program} does not run: npm run client-generators installs it`, { cause: error })
  })
  assert.equal(code, 0, `${program}: ${output}`)
  return output
}
