/** The command that sends a play, as a shell reads it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { playCommand } from './play-command.ts'

test('a shell passes on the event as it is, whatever the id of the artist has in it', () => {
  for (const id of ['7', `O'Brien's "x" $HOME \`id\` \\ ñ`, '<img src=x onerror=alert(1)>']) {
    const command = playCommand('http://localhost:5002', id, '2026-11-26T10:00:00.000Z')
    const words = execFileSync('sh', ['-c', command.replace('curl', String.raw`printf '%s\0'`)], { encoding: 'utf8' })
    const [address, , , , body] = words.split('\0')
    assert.equal(address, 'http://localhost:5002/api/stats/events')
    assert.deepEqual(JSON.parse(body ?? '').metadata, { artistId: id })
  }
})
