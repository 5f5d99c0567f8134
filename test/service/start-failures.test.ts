/** A start, or a command, that can't be: it ends at once with one line that names what is wrong. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { makeStore, plays, storeFile } from '../support/damaged-store.ts'
import { runToEnd, temporaryFolder } from '../support/service-process.ts'

/** Commands, and what each is given besides. */
const COMMANDS = (folder: string): string[][] => [
  ['rebuild'],
  ['verify'],
  ['check-store'],
  ['sql', 'FROM plays'],
  ['export', '--parquet', join(folder, 'parquet')],
  ['mongoexport', join(folder, 'dump'), '--config', join(folder, 'config')],
  ['mongoimport', join(folder, 'dump'), '--config', join(folder, 'config')],
  ['backup', join(folder, 'back-up')],
]

const EMBEDDED = { MONGO_URI: '', PORT: '0', LOG_LEVEL: 'fatal' }

async function ends(script: string, args: readonly string[], env: NodeJS.ProcessEnv, expected: RegExp): Promise<void> {
  const { code, stdout, stderr } = await runToEnd(script, args, { ...EMBEDDED, ...env })
  const what = `${script} ${args.join(' ')}: ${stdout}${stderr}`
  assert.equal(code, 1, what)
  assert.match(stderr, expected, what)
  assert.equal(stderr.trimEnd().split('\n').length, 1, what)
}

const startEnds = (env: NodeJS.ProcessEnv, expected: RegExp) => ends('src/server.ts', [], env, expected)
const commandEnds = (args: readonly string[], dataDir: string, expected: RegExp) =>
  ends('src/cli.ts', args, { DATA_DIR: dataDir }, expected)

async function stored(t: TestContext): Promise<{ folder: string; dataDir: string }> {
  const folder = await temporaryFolder(t)
  const dataDir = join(folder, 'data')
  await makeStore(dataDir, plays(20))
  return { folder, dataDir }
}

test('a start fails in one line on an address that this machine does not have, or a host name that does not exist', async t => {
  const DATA_DIR = join(await temporaryFolder(t), 'data')
  await startEnds(
    { DATA_DIR, HOST: '192.0.2.77' },
    /^HOST 192\.0\.2\.77 is no address of this machine \(EADDRNOTAVAIL\)/,
  )
  await startEnds(
    { DATA_DIR, HOST: 'nobody.invalid' },
    /^HOST nobody\.invalid has no address \((ENOTFOUND|EAI_AGAIN)\)/,
  )
  const taken: Server = createServer().listen(0, '127.0.0.1')
  t.after(() => taken.close())
  await new Promise(resolve => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  await startEnds({ DATA_DIR, PORT: String(port) }, /^Port \d+ is in use by another process: .* set PORT/)
})

test('a start or command fails in one line in a directory where no folder can be made', async () => {
  for (const dataDir of ['/proc/no-folder', '/proc/no-folder/below', '/sys/no-folder']) {
    await startEnds(
      { DATA_DIR: dataDir },
      /the data directory \/(proc|sys)\/.* can't be used: .*mkdir.* Set another DATA_DIR/,
    )
    await commandEnds(['mongoimport'], dataDir, /can't be used: .*mkdir/)
    await commandEnds(['verify'], dataDir, /^there is no store in /)
  }
})

test('a start or command fails in one line with a damaged lock, and says that it is damaged', async t => {
  const { dataDir } = await stored(t)
  await writeFile(join(dataDir, 'lock'), 'x'.repeat(5_000))
  const damaged = /can't be used: its file "lock" is damaged: make sure that no other process/
  await startEnds({ DATA_DIR: dataDir }, damaged)
  await commandEnds(['verify'], dataDir, damaged)
})

test('a start or command fails in one line where a pipe or link stands for a file of the store, and neither reads nor writes it', async t => {
  const { folder, dataDir } = await stored(t)
  const wrong: [string, RegExp, (path: string) => unknown][] = [
    ['strings.db', /strings\.db must be a file of its own/, path => execFileSync('mkfifo', [path])],
    ['damage.json', /damage\.json must be a file of its own/, path => execFileSync('mkfifo', [path])],
    ['spill', /spill must be a folder of its own, not a link/, path => symlink(folder, path)],
  ]
  for (const [name, expected, put] of wrong) {
    await put(join(dataDir, name))
    await startEnds({ DATA_DIR: dataDir }, expected)
    await commandEnds(['check-store'], dataDir, expected)
    await rm(join(dataDir, name))
  }
})

test('a start and every command fail in one line on a store of a newer format, and on a database that is no store', async t => {
  const { folder, dataDir } = await stored(t)
  await mkdir(join(folder, 'dump'))
  await writeFile(join(folder, 'dump', 'events.json'), '[]')
  inFile(dataDir, 'PRAGMA user_version = 4')
  const newer = /was written by a newer version \(format 4, this one knows 3\)/
  await startEnds({ DATA_DIR: dataDir }, newer)
  for (const command of COMMANDS(folder)) await commandEnds(command, dataDir, newer)

  const foreign = join(folder, 'foreign')
  await mkdir(foreign)
  inFile(foreign, 'CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)')
  const unknown = /holds a file undersounds-stats\.db that is no store of this service/
  await startEnds({ DATA_DIR: foreign }, unknown)
  for (const command of COMMANDS(folder)) await commandEnds(command, foreign, unknown)
  assert.equal(inFile(foreign, 'SELECT x FROM theirs'), 1)
})

/** Runs SQL on the file of a store that nobody has open; gives the first value of the answer. */
function inFile(dataDir: string, sql: string): unknown {
  using database = new DatabaseSync(storeFile(dataDir))
  if (!sql.startsWith('SELECT')) return database.exec(sql)
  return Object.values(database.prepare(sql).get() ?? {})[0]
}
