/**
 * Sends a listening data set to a running service as events, reads every figure back and compares it with plain counts
 * of its own. The store must hold nothing else.
 */
import { Command, InvalidArgumentError } from 'commander'
import { withProgressBar } from '../../src/cli/progress-bar.ts'
import { Client } from './client.ts'
import { Comparison, compareCharts, compareFigures } from './compare.ts'
import { readDataSet } from './data-set.ts'
import { type Fact, factsOf } from './facts.ts'
import { payloadOf } from './payloads.ts'
import { projected, sendAll } from './send.ts'

const DAY_MS = 86_400_000
/** Differences printed one by one; beyond, they are only counted. */
const SHOWN = 100

interface Options {
  url: string
  playsCap: number
  seed: number
  batch: number
  sample?: number
  apiKey?: string
}

await new Command('replay')
  .description('send a listening data set to the service and compare its figures with plain counts')
  .argument('<folder>', 'with artists.dat, tags.dat, user_artists.dat and user_taggedartists.dat')
  .option('--url <url>', 'where the service is', 'http://127.0.0.1:5002')
  .option('--plays-cap <number>', 'plays of a user and an artist at most', whole, 20)
  .option('--seed <number>', 'of the random times and forms', whole, 42)
  .option('--batch <number>', 'events in a request', whole, 1000)
  .option('--sample <number>', 'compare only this many artists (default: all)', whole)
  .option('--api-key <key>', 'where the service needs one')
  .action(async (folder: string, options: Options) => {
    process.exitCode = (await replay(folder, options)) ? 0 : 1
  })
  .parseAsync()

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Not a whole number.')
  return Number(text)
}

async function replay(folder: string, options: Options): Promise<boolean> {
  const { playsCap, seed } = options
  // The same all day, so that a second run sends the same events.
  const before = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const facts = factsOf(await readDataSet(folder), { playsCap, seed, before })
  const client = new Client(options.url, options.apiKey)
  const isSent = await send(
    client,
    facts,
    options,
    `${new Date(before).toISOString().slice(0, 10)}-${playsCap}-${seed}`,
  )
  const comparison = await compare(client, facts, before, options.sample)
  console.log(`${comparison.compared} figures compared, ${comparison.differences} differences`)
  return isSent && comparison.differences === 0
}

async function send(client: Client, facts: readonly Fact[], { batch }: Options, run: string): Promise<boolean> {
  const begun = performance.now()
  const events = facts.values().map(fact => payloadOf(fact, run))
  const sent = await withProgressBar('sending', 'events', onProgress =>
    sendAll(client, events, batch, done => onProgress(done, facts.length)),
  )
  const seconds = (performance.now() - begun) / 1000
  console.log(
    `${facts.length} events sent in ${seconds.toFixed(1)} s (${Math.round(facts.length / seconds)} a second): ` +
      `${sent.accepted} accepted, ${sent.duplicates} duplicates, ${sent.refused} refused`,
  )
  for (const example of sent.examples) console.error(example)
  await projected(client)
  return sent.refused === 0
}

async function compare(client: Client, facts: readonly Fact[], before: number, sample?: number): Promise<Comparison> {
  let shown = 0
  const comparison = new Comparison(line => {
    if (shown++ < SHOWN) console.error(line)
  })
  const ids = [...new Set(facts.map(({ artist }) => artist.id))]
  const step = sample ? Math.max(1, Math.floor(ids.length / sample)) : 1
  const artists = ids.filter((_, i) => i % step === 0)
  await withProgressBar('reading artists', 'artists', onProgress =>
    compareFigures(client, facts, { artists, before }, comparison, onProgress),
  )
  await withProgressBar('reading charts', 'charts', onProgress => compareCharts(client, facts, comparison, onProgress))
  return comparison
}
