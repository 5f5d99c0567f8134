/** The search, with real requests. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, PLAY, postBatch, problem, until } from '../support/http.ts'
import { sharedApp, startApp } from '../support/start-app.ts'

interface Answer {
  items: Record<string, unknown>[]
  complete: boolean
  definitions: string
}

const search = async (url: string, query: string) => json<Answer>(await fetch(`${url}/api/stats/search?${query}`))

test('the search finds what events name, most played first, soon after they arrived', async t => {
  const { url } = await startApp(t)
  const now = new Date().toISOString()
  const play = (entityId: string, title: string) => ({
    ...PLAY,
    timestamp: now,
    entityId,
    metadata: { albumId: 'a1', artist: 'Beyoncé', title },
  })
  const plays = [play('1', 'Ñandú'), play('2', 'Ñandúes'), play('2', 'Ñandúes')]
  assert.equal((await json(await postBatch(url, plays))).accepted, 3)
  await until(async () => (await search(url, 'q=nandu')).items.length === 2)
  const { items, complete, definitions } = await search(url, 'q=NANDU&kind=track')
  assert.deepEqual(
    items.map(({ id, title, artistName, plays, match }) => [id, title, artistName, plays, match]),
    [
      ['a1_2', 'Ñandúes', 'Beyoncé', 2, 'name'],
      ['a1_1', 'Ñandú', 'Beyoncé', 1, 'name'],
    ],
  )
  assert.deepEqual([complete, typeof definitions], [true, 'string'])
  const [artist] = (await search(url, 'q=beyonec')).items
  assert.deepEqual([artist?.type, artist?.key, artist?.plays, artist?.match], ['artist', 'name:beyoncé', 3, 'similar'])
  assert.deepEqual(
    (await search(url, 'q=A1&limit=1')).items.map(({ type, id, match }) => [type, id, match]),
    [['album', 'a1', 'id']],
  )
  const csv = await (await fetch(`${url}/api/stats/search?q=beyonce&format=csv`)).text()
  assert.match(csv, /^type,id,key,name,title,artistName,albumId,trackId,plays,match\r\nartist,/)
})

test('the search finds nothing for what nobody names, and for signs', async () => {
  const { url } = await sharedApp()
  for (const q of ['xyzzyxqq', '%25', '"', '%22 OR %22', "'", '%F0%9F%8E%B5', '*', 'NEAR(a b)']) {
    const { items } = await search(url, `q=${q}&kind=album`)
    assert.deepEqual(items, [], q)
  }
})

test('the search returns 400 for a text that is missing, empty or too long, and for other kinds', async () => {
  const { url } = await sharedApp()
  const faultOf = async (query: string, code: string) =>
    (await problem(await fetch(`${url}/api/stats/search?${query}`), 400, code)).errors?.[0]?.path
  assert.equal(await faultOf('', 'required'), 'q')
  assert.equal(await faultOf('q=', 'required'), 'q')
  assert.equal(await faultOf('q=%20', 'required'), 'q')
  assert.equal(await faultOf('q=%00', 'required'), 'q')
  assert.equal(await faultOf(`q=${'x'.repeat(201)}`, 'too_long'), 'q')
  assert.equal(await faultOf('q=a&kind=label', 'kind_unknown'), 'kind')
  assert.equal((await fetch(`${url}/api/stats/search?q=${'x'.repeat(200)}`)).status, 200)
})
