/** `npm run replay` with a small data set of the same form as the real one. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { post } from '../support/http.ts'
import { runToEnd, startService, temporaryFolder } from '../support/service-process.ts'

const USERS = 12
/** Two of them bear one name, one is called like another's id, and 9 is tagged but never named. */
const ARTISTS = ['1\tMETALLICA', '2\tmetallica ', '3\t4', '4\tBjörk', '5\tSigur Rós', '6\t???']

test('a replay sends a data set and finds every figure as it counted it', async (t: TestContext) => {
  const folder = await temporaryFolder(t)
  await writeDataSet(folder)
  const service = await startService(t, { dataDir: join(folder, 'data') })
  const replay = () => runToEnd('dev/replay/replay.ts', [folder, '--url', service.url, '--batch', '100'], {})

  const first = await replay()
  assert.equal(first.code, 0, first.stderr)
  const sent = /(\d+) events sent .* (\d+) accepted, 0 duplicates, 0 refused/.exec(first.stdout)
  assert.ok(sent && sent[1] === sent[2], first.stdout)
  assert.match(first.stdout, /^\d{4} figures compared, 0 differences$/m)

  const second = await replay()
  assert.equal(second.code, 0, second.stderr)
  assert.match(second.stdout, new RegExp(`: 0 accepted, ${sent[1]} duplicates, 0 refused`))

  const stranger = { eventType: 'artist.followed', timestamp: '2020-01-01', entityType: 'artist', entityId: '5' }
  assert.equal((await post(`${service.url}/api/stats/events`, stranger)).status, 202)
  await service.projected()
  const third = await replay()
  assert.equal(third.code, 1)
  assert.match(third.stderr, /\/api\/stats\/artist\/5\/kpis follows: is \d+, should be \d+/)
  assert.match(third.stdout, /, 1 differences$/m)
})

async function writeDataSet(folder: string): Promise<void> {
  const write = (file: string, heading: string, rows: readonly string[], encoding: BufferEncoding = 'utf8') =>
    writeFile(join(folder, file), `${[heading, ...rows].join('\n')}\n`, encoding)
  const pairs = Array.from({ length: USERS }, (_, user) => ARTISTS.map((_, i) => [user, i + 1] as const)).flat()
  await write(
    'artists.dat',
    'id\tname\turl\tpictureURL',
    ARTISTS.map(row => `${row}\thttp://localhost/\t`),
  )
  await write('tags.dat', 'tagID\ttagValue', ['1\trock', '2\tmúsica', '3\tMetal'], 'latin1')
  await write(
    'user_artists.dat',
    'userID\tartistID\tweight',
    pairs.map(([user, artist]) => `${user}\t${artist}\t${(user * 37 + artist * 11) % 30 === 0 ? 5000 : 1 + user}`),
  )
  await write('user_taggedartists.dat', 'userID\tartistID\ttagID\tday\tmonth\tyear', [
    ...pairs.map(([user, artist]) => `${user}\t${artist}\t${1 + ((user + artist) % 3)}\t1\t${1 + user}\t2010`),
    ...pairs.filter(([user]) => user % 3 === 0).map(([user, artist]) => `${user}\t${artist}\t9\t1\t1\t1956`),
    '1\t9\t1\t1\t4\t2011',
  ])
}
