/** Several pages of CSV as one table. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinCsv } from './join-csv.ts'

test('the table has one byte order mark, one header, and the rows of all pages in their order', () => {
  const pages = ['\uFEFFat,plays\r\n1,2\r\n', '\uFEFFat,plays\r\n3,4\r\n5,6\r\n']
  assert.equal(joinCsv(pages), '\uFEFFat,plays\r\n1,2\r\n3,4\r\n5,6\r\n')
})

test('pages whose mark was lost on the way make the same table', () => {
  assert.equal(joinCsv(['at\r\n1\r\n', 'at\r\n']), '\uFEFFat\r\n1\r\n')
})
