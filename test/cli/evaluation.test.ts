/** `npm run eval` with a small data set of the same form as the real one. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { runToEnd, temporaryFolder } from '../support/service-process.ts'

const LISTENERS = 60
/** Listeners with even ids like artists 1 to 20, the others 21 to 40; each of them has 15 in an order of their own. */
const PAIRS = Array.from({ length: LISTENERS }, (_, i) =>
  Array.from({ length: 15 }, (_, at) => ({ listener: i + 1, artist: 1 + (i % 2) * 20 + ((i * 3 + at * 7) % 20), at })),
).flat()
const TAGGINGS = PAIRS.filter(({ at }) => at === 0).map(({ listener, artist }) => [
  listener,
  artist,
  artist > 20 ? 2 : 1,
])
const TAGS = ['1\tRock', '2\tJazz']

async function write(folder: string, listenings: readonly string[]): Promise<void> {
  const file = (name: string, rows: readonly string[]) =>
    writeFile(join(folder, name), `${['a heading', ...rows].join('\n')}\n`)
  await file('user_artists.dat', listenings)
  await file(
    'user_taggedartists.dat',
    TAGGINGS.map(row => row.join('\t')),
  )
  await file('tags.dat', TAGS)
}

const evaluate = (folder: string, ...options: string[]) => runToEnd('src/cli.ts', ['eval', folder, ...options], {})

test('the evaluation prints figures of each method, with the splits that they are made of', async t => {
  const folder = await temporaryFolder(t)
  const rows = PAIRS.map(({ listener, artist, at }) => `${listener}\t${artist}\t${at + 1}`)
  await write(folder, rows)
  const { code, stdout, stderr } = await evaluate(folder, '--seeds', '42,43')
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^60 listeners, 40 artists$/m)
  assert.match(stdout, /^seed 42: 180 test pairs, SHA-256 [0-9a-f]{64}$/m)
  const ndcgOf = (method: string) =>
    Number(new RegExp(`^${method} +\\|.*? \\| ([.\\d]+) ± `, 'm').exec(stdout.replaceAll(/[()]/g, ''))?.[1])
  assert.ok(ndcgOf('model') > ndcgOf('popularity'), stdout)
  assert.match(stdout, /^model − popularity +\| +\+0\.\d{4} \| \+0\.\d{4} to \+0\.\d{4} \| +yes$/m)
  assert.match(stdout, /^new listeners, NDCG@10 by known items +\| +1 \| +3 \| +5 \| +10$/m)
})

test('the evaluation splits in time where rows have instants, in seconds or milliseconds', async t => {
  const folder = await temporaryFolder(t)
  const rows = (unit: number) =>
    PAIRS.map(({ listener, artist, at }) => `${listener}\t${artist}\t1\t${(1_700_000_000 + at) * unit}`)
  await write(folder, rows(1))
  const inSeconds = await evaluate(folder, '--temporal', '0.2')
  assert.equal(inSeconds.code, 0, inSeconds.stderr)
  assert.match(inSeconds.stdout, /^the last 0\.2 in time: 180 test pairs/m)
  // The rows of a file have no order.
  await write(folder, rows(1_000).toReversed())
  assert.equal((await evaluate(folder, '--temporal', '0.2')).stdout, inSeconds.stdout)
})

test('the evaluation ends with one line where the data set is not as it should be', async t => {
  const folder = await temporaryFolder(t)
  const fails = async (listenings: string[], fault: RegExp, ...options: string[]) => {
    await write(folder, listenings)
    const { code, stderr } = await evaluate(folder, ...options)
    assert.equal(code, 1)
    assert.match(stderr.trim(), fault)
  }
  await fails(['1\t2\t3', '1\t2'], /^user_artists\.dat, line 3: 3 columns were expected$/)
  await fails(['1\t2\tmany'], /^user_artists\.dat, line 2: column 3 is no whole number: many$/)
  await fails([], /^user_artists\.dat: has no rows$/)
  const noTime = /^user_artists\.dat, line 2: a temporal split needs a fourth column, timestamp$/
  await fails(['1\t2\t3'], noTime, '--temporal', '0.2')
  const { code, stderr } = await evaluate(join(folder, 'missing'))
  assert.equal(code, 1)
  assert.match(stderr, /ENOENT.*user_artists\.dat/)
})
