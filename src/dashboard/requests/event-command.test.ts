import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { eventCommand } from './event-command.ts'

/** The text that a shell gives to curl as the body. */
function bodyOf(command: string): Record<string, unknown> {
  const script = `curl() { while [ "$1" != -d ]; do shift; done; printf %s "$2"; }\n${command}`
  return JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }))
}

test('a shell sends the event as it is, at the time at which the command runs', () => {
  const { timestamp, ...event } = bodyOf(
    eventCommand('http://localhost:5002', { eventType: 'track.played', userId: 'u1' }),
  )
  assert.deepEqual(event, { eventType: 'track.played', userId: 'u1' })
  assert.ok(Math.abs(Date.now() - Date.parse(String(timestamp))) < 5_000)
})

test('whatever an id is made of, the shell runs nothing of it', () => {
  for (const userId of [`'; echo broken; '`, '$(echo broken)', '`echo broken`', '"now"', String.raw`\'`, 'a\nb']) {
    assert.equal(bodyOf(eventCommand('http://localhost:5002', { userId })).userId, userId)
  }
})
