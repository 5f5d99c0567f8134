import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { StoreUnusable } from '../storage.ts'
import { requireOwnFiles } from './own-files.ts'

test('links, pipes and folders with the names of store files are refused, and other names are ignored', t => {
  const folder = mkdtempSync(join(tmpdir(), 'own-files-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const at = (name: string) => join(folder, name)
  for (const name of ['lock', 'undersounds-stats.db', 'damage.json', 'victim']) writeFileSync(at(name), '')
  mkdirSync(at('copies'))
  mkdirSync(at('locks'))
  symlinkSync(at('victim'), at('of-the-operator'))
  requireOwnFiles(folder)

  const kinds = {
    link: (path: string) => symlinkSync(at('victim'), path),
    pipe: (path: string) => void execFileSync('mkfifo', [path]),
    folder: (path: string) => mkdirSync(path),
  }
  const files = [
    'lock-journal',
    'undersounds-stats.db-wal',
    'undersounds-stats.db.new',
    'undersounds-stats.db.restoring',
  ]
  for (const name of [...files, 'figures.duckdb', 'figures.duckdb.wal', 'strings.db', 'strings.db-shm', 'last-entry']) {
    for (const put of Object.values(kinds)) {
      put(at(name))
      assert.throws(() => requireOwnFiles(folder), {
        name: StoreUnusable.name,
        message: new RegExp(`/${name} must be a file`),
      })
      rmSync(at(name), { recursive: true })
    }
  }
  for (const name of ['spill', 'replica']) {
    symlinkSync(folder, at(name))
    assert.throws(() => requireOwnFiles(folder), new RegExp(`/${name} must be a folder of its own, not a link to one`))
    rmSync(at(name))
  }
})
