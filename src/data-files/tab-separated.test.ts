import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readTabSeparated } from './tab-separated.ts'

async function rowsOf(content: string | Buffer, columns: number) {
  const folder = await mkdtemp(join(tmpdir(), 'tab-separated-'))
  try {
    await writeFile(join(folder, 'a.dat'), content)
    return await readTabSeparated(folder, 'a.dat', columns)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('rows are read with their lines, in UTF-8 and in Latin-1, without the heading and empty lines', async () => {
  const rows = [
    { line: 2, cells: ['1', 'né'] },
    { line: 4, cells: ['2', 'b', 'more'] },
  ]
  const text = 'id\tname\r\n1\tné\r\n\r\n2\tb\tmore\n'
  assert.deepEqual(await rowsOf(text, 2), rows)
  assert.deepEqual(await rowsOf(Buffer.from(text, 'latin1'), 2), rows)
})

test('a line with too few columns is an error that names the file and the line', async () => {
  await assert.rejects(rowsOf('id\tname\n1\ta\n2\n', 2), { message: 'a.dat, line 3: 2 columns were expected' })
})
