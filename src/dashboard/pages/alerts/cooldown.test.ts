import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cooldownOf } from './cooldown.ts'

const AT = '2026-11-24T10:00:00.000Z'
const RAISED = Date.parse(AT)
const END = RAISED + 3_600_000

test('a mail that waits holds up others until it is sent, however old it is', () => {
  const alert = { at: AT, status: 'pending', attempts: 3 } as const
  assert.deepEqual(cooldownOf(alert, END * 2), { kind: 'until-sent' })
})

test('a mail that may have arrived holds up all others for an hour', () => {
  for (const status of ['sent', 'unknown'] as const) {
    assert.deepEqual(cooldownOf({ at: AT, status, attempts: 1 }, END - 1), { kind: 'all', until: END })
    assert.deepEqual(cooldownOf({ at: AT, status, attempts: 2 }, RAISED), { kind: 'at-least', until: END })
    assert.equal(cooldownOf({ at: AT, status, attempts: 1 }, END), null)
  }
})

test('a mail that reached nobody holds up automatic alerts alone', () => {
  for (const status of ['failed', 'none'] as const) {
    assert.deepEqual(cooldownOf({ at: AT, status, attempts: 1 }, RAISED), { kind: 'automatic', until: END })
    assert.equal(cooldownOf({ at: AT, status, attempts: 1 }, END), null)
  }
})
