import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopback } from './hosts.ts'

test('only names and addresses that lead to this machine alone are loopback', () => {
  for (const host of [
    'localhost',
    'LOCALHOST',
    '127.0.0.1',
    '127.9.8.7',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
  ]) {
    assert.equal(isLoopback(host), true, host)
  }
  for (const host of [
    '0.0.0.0',
    '::',
    '192.168.1.7',
    '10.0.0.1',
    'fe80::1',
    'stats.example',
    'localhost.example',
    '127.1',
  ]) {
    assert.equal(isLoopback(host), false, host)
  }
})
