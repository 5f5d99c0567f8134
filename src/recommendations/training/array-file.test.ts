import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { withFolder } from '../../../test/support/store-folder.ts'
import { ArrayFileDamaged, ArrayFileReader, ArrayFileWriter } from './array-file.ts'

const pieces = fc.array(
  fc.oneof(
    fc.record({ name: fc.constantFrom('a', 'b'), values: fc.int32Array() }),
    fc.record({ name: fc.constantFrom('c', 'd'), values: fc.float32Array() }),
    fc.record({ name: fc.constantFrom('e', 'f'), values: fc.array(fc.string({ unit: 'binary' })) }),
  ),
  { maxLength: 12 },
)

test('arrays are read as the pieces that were written one after the other', () =>
  withFolder(async folder => {
    const path = join(folder, 'deep', 'arrays')
    await fc.assert(
      fc.asyncProperty(pieces, fc.jsonValue(), async (pieces, about) => {
        const writer = await ArrayFileWriter.create(path)
        for (const { name, values } of pieces) await writer.append(name, values)
        await writer.finish(about)
        const reader = await ArrayFileReader.open(path)
        const written = (name: string) =>
          pieces.filter(piece => piece.name === name).flatMap(({ values }) => [...values])
        assert.deepEqual(reader.about, JSON.parse(JSON.stringify(about)))
        for (const name of ['a', 'b']) assert.deepEqual([...(await reader.numbers(name, 'Int32Array'))], written(name))
        for (const name of ['c', 'd'])
          assert.deepEqual([...(await reader.numbers(name, 'Float32Array'))], written(name))
        for (const name of ['e', 'f']) assert.deepEqual(await reader.texts(name), written(name))
        await reader.close()
      }),
      { numRuns: 50 },
    )
  }))

test('a file appears when it is complete, and one that is given up leaves nothing', () =>
  withFolder(async folder => {
    const writer = await ArrayFileWriter.create(join(folder, 'arrays'))
    await writer.append('a', Int32Array.of(1, 2))
    await assert.rejects(ArrayFileReader.open(join(folder, 'arrays')), { code: 'ENOENT' })
    await writer.discard()
    assert.deepEqual(await readdir(folder), [])
  }))

test('a file of which any byte is changed or missing is damaged', () =>
  withFolder(async folder => {
    const path = join(folder, 'arrays')
    const writer = await ArrayFileWriter.create(path)
    await writer.append('a', Int32Array.of(1, 2))
    await writer.append('b', ['x'])
    await writer.finish({ some: 'thing' })
    const whole = await readFile(path)
    for (let at = 0; at < whole.length; at += 3) {
      const changed = Buffer.from(whole)
      changed[at]! ^= 1
      await writeFile(path, changed)
      await assert.rejects(ArrayFileReader.open(path), ArrayFileDamaged, `byte ${at} changed`)
      await writeFile(path, whole.subarray(0, at))
      await assert.rejects(ArrayFileReader.open(path), ArrayFileDamaged, `ends at ${at}`)
    }
  }))
