/** A table of the page as CSV. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { writeCsv } from './csv.ts'

test('what is written is read again as it was, whatever characters are in it', () => {
  const cells = ['plain', 'a,b', 'say "hi"', 'two\nlines', 'Ñandú', '']
  const csv = writeCsv({ columns: ['number', 'text'], rows: cells.map((cell, i) => [i - 0.5, cell]) })
  assert.ok(csv.startsWith('\uFEFFnumber,text\r\n'))
  assert.deepEqual(parse(csv, { bom: true }), [['number', 'text'], ...cells.map((cell, i) => [`${i - 0.5}`, cell])])
})

test('a text that a spreadsheet would take for a formula has an apostrophe before it, and a number has none', () => {
  for (const formula of ['=1+1', '+34', '-2', '@SUM(A1)', '\tTab', '＝1']) {
    const csv = writeCsv({ columns: ['text'], rows: [[formula]] })
    assert.deepEqual(parse(csv, { bom: true }), [['text'], [`'${formula}`]])
  }
  assert.equal(writeCsv({ columns: ['n'], rows: [[-2], [null]] }), '\uFEFFn\r\n-2\r\n\r\n')
})
