/** What a command writes takes the place of links, and is never written through them. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockDirectory } from '../../src/storage/sqlite/database.ts'
import { sampleEvents } from '../support/arrived-events.ts'
import { Place } from '../support/dump-place.ts'
import { runCliWith } from '../support/service-process.ts'

const isLink = (path: string) => lstatSync(path).isSymbolicLink()

test('the files of an export replace links, also those in the place of its temporary files', async t => {
  const place = await Place.make(t)
  await place.fill('a', sampleEvents(200))
  const at = (...names: string[]) => join(place.folder, ...names)
  writeFileSync(at('victim'), 'stays')
  await mkdir(place.config)
  const names = ['events', 'artist_kpis', 'bindings'].map(name => at('dump', `${name}.json`))
  const metas = ['dbmeta.json', 'dbmeta_local.json'].map(name => at('config', name))
  for (const file of names) symlinkSync(at('victim'), file)
  for (const file of [...names, ...metas]) symlinkSync(at('victim'), `${file}.tmp`)
  const exported = await place.run('mongoexport', 'a', '--force')
  assert.equal(exported.code, 0, exported.stderr)
  for (const file of [...names, ...metas]) {
    assert.ok(!isLink(file))
    assert.equal(statSync(file).mode & 0o077, 0, `${file} is readable for others`)
  }
  assert.ok((await place.read('events.json')).length > 0)

  const parquet = at('parquet')
  await mkdir(parquet)
  const views = ['plays', 'artists']
  for (const view of views) {
    for (const suffix of ['', '.tmp']) symlinkSync(at('victim'), join(parquet, `${view}.parquet${suffix}`))
  }
  const written = await runCliWith(place.settings('a'), 'export', '--parquet', parquet)
  assert.equal(written.code, 0, written.stderr)
  for (const view of views) assert.ok(!isLink(join(parquet, `${view}.parquet`)))
  assert.deepEqual(
    readdirSync(parquet).filter(name => name.startsWith('partial-')),
    [],
  )
  assert.equal(readFileSync(at('victim'), 'utf8'), 'stays')
})

test('a folder that is a link is followed where the operator names it, and one to nothing is refused in one line', async t => {
  const place = await Place.make(t)
  await place.fill('a', sampleEvents(5))
  const at = (name: string) => join(place.folder, name)
  await mkdir(at('disk'))
  symlinkSync(at('disk'), at('link'))
  symlinkSync(at('nowhere'), at('dangling'))
  const to = (folder: string) => [
    ['mongoexport', folder, '--config', place.config],
    ['export', '--parquet', folder],
    ['backup', folder],
  ]
  for (const [command = '', ...args] of to(at('dangling'))) {
    const { code, stderr } = await runCliWith(place.settings('a'), command, ...args)
    assert.equal(code, 1)
    assert.match(stderr, /E[A-Z]+: .*dangling'$/m)
    assert.doesNotMatch(stderr, / at /)
  }
  const { code, stderr } = await runCliWith(place.settings('a'), 'mongoexport', at('link'), '--config', place.config)
  assert.equal(code, 0, stderr)
  assert.ok(readdirSync(at('disk')).includes('events.json'))
  assert.throws(() => statSync(at('nowhere')))
})

test('a pipe in the place of a dump or of its version is no file, and nobody waits for it', async t => {
  const place = await Place.make(t)
  await place.fill('a', sampleEvents(5))
  await mkdir(place.config)
  for (const file of [join(place.dump, 'events.json'), join(place.config, 'dbmeta.json')]) {
    execFileSync('mkfifo', [file])
    const imported = await place.run('mongoimport', 'b')
    assert.equal(imported.code, 1)
    assert.match(imported.stderr, /can't be read: (it is no file|.*no file)/)
    await rm(file)
  }
})

test('a folder that a foreign service names as its copy is not removed', async t => {
  const place = await Place.make(t)
  await place.fill('a', sampleEvents(5))
  const { DATA_DIR } = place.settings('a')
  await mkdir(join(DATA_DIR!, 'copies'))
  const lock = lockDirectory(DATA_DIR!)
  t.after(() => lock.close())
  for (const folder of ['/elsewhere/..', '/elsewhere/.', '/']) {
    const service = createServer((_, answer) =>
      answer.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ folder })),
    )
    await new Promise<void>(resolve => service.listen(0, '127.0.0.1', resolve))
    const PORT = String((service.address() as AddressInfo).port)
    const { code, stderr } = await runCliWith({ DATA_DIR, PORT }, 'verify')
    service.close()
    service.closeAllConnections()
    assert.equal(code, 1)
    assert.match(stderr, /has its store elsewhere/)
    assert.ok(readdirSync(DATA_DIR!).includes('undersounds-stats.db'))
    assert.ok(readdirSync(DATA_DIR!).includes('copies'))
  }
})
