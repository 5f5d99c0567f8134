/**
 * `npm run bench:quality -- <folder> [--plays capped|logarithm]`: how good the lists of a running service are. It sends what a
 * split of a public data set lets it know as plays, waits until a model is trained from all of it, asks for the list of each
 * listener, and holds it against the rest, as `npm run eval` does without a service. The folder is the one of that command.
 */
import { parseArgs } from 'node:util'
import { isNewListener } from '../src/cli/evaluation/cases.ts'
import { readDataSet } from '../src/cli/evaluation/data-set.ts'
import { randomSplit } from '../src/cli/evaluation/splits.ts'
import { coverageAt, listenersAt, mean, ndcgAt, recallAt } from '../src/recommendations/evaluation/metrics.ts'
import type { PlayedItem } from '../src/recommendations/evaluation/split.ts'
import { ms, Report, whole } from './report.ts'
import { type PlaysSent, ServedLists } from './served-lists.ts'
import { removeWork } from './stores.ts'

const SEED = 42
/** NDCG@10 that lists should reach, by the number of items that are known of a new listener. */
const NEW_LISTENER_BARS = { 1: 0.11, 3: 0.14, 5: 0.17 }
/** How many plays are sent of each that a listener has made. */
const PLAYS: Record<string, PlaysSent> = {
  capped: plays => Math.min(12, plays),
  logarithm: plays => Math.round(Math.log1p(plays)),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { plays: { type: 'string', default: 'capped' } },
})
const [folder] = positionals
const playsSent = PLAYS[values.plays]
if (folder === undefined || playsSent === undefined) {
  console.error(`usage: bench:quality <folder> [--plays ${Object.keys(PLAYS).join('|')}]`)
  process.exit(2)
}
process.on('exit', removeWork)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const dataSet = await readDataSet(folder)
const { artistIds, listenerIds } = dataSet
const { train, test } = randomSplit(dataSet, SEED)
const report = new Report('quality', `lists over HTTP, seed ${SEED}, ${values.plays} plays, exploration=off`)
await measureKnown()
await measureNew()
report.save(`${whole(listenerIds.length)} listeners and ${whole(artistIds.length)} artists`)

/** Of all listeners, from all that the split lets the service know. */
async function measureKnown(): Promise<void> {
  const served = await ServedLists.start(artistIds, playsSent!)
  try {
    await served.send(train.map((played, row) => ({ userId: listenerIds[row]!, played })))
    report.note('plays sent', `${whole(served.events)} in ${served.sentSeconds.toFixed(0)} s`)
    report.note('trained after', `${(await served.trained()).toFixed(0)} s`)
    const tested = [...listenerIds.keys()].filter(row => test[row]!.length > 0)
    const lists = await served.lists(
      tested.map(row => listenerIds[row]!),
      20,
    )
    const wanted = tested.map(row => new Set(test[row]))
    const listenersOf = new Int32Array(artistIds.length)
    for (const { item } of train.flat()) listenersOf[item]!++
    const judged = (what: string, value: number, bar: { atLeast: number } | { atMost: number }, digits: number) =>
      report.judge(what, value, bar, value.toFixed(digits))
    judged('NDCG@10', mean(lists.map((list, i) => ndcgAt(10, list, wanted[i]!))), { atLeast: 0.25 }, 4)
    judged('Recall@20', mean(lists.map((list, i) => recallAt(20, list, wanted[i]!))), { atLeast: 0.285 }, 4)
    judged('Cov@10', coverageAt(10, lists, artistIds.length), { atLeast: 0.065 }, 4)
    judged('ARP@10', listenersAt(10, lists, listenersOf), { atMost: 150 }, 1)
    const { p50, p99 } = served.latencies()
    report.note('request for a list', `p50 ${ms(p50)}, p99 ${ms(p99)}`)
    const knownListed = lists.filter((list, i) => list.some(item => train[tested[i]!]!.some(own => own.item === item)))
    report.note('lists with an artist whom the listener knows', String(knownListed.length))
    await served.stop()
  } finally {
    served.kill()
  }
}

/** Of every fifth listener, of whom the model knows nothing; what else they have is taken out of their lists. */
async function measureNew(): Promise<void> {
  const served = await ServedLists.start(artistIds, playsSent!)
  try {
    const rows = [...listenerIds.keys()]
    await served.send(
      rows.filter(row => !isNewListener(row)).map(row => ({ userId: listenerIds[row]!, played: train[row]! })),
    )
    await served.trained()
    for (const [count, bar] of Object.entries(NEW_LISTENER_BARS)) {
      const known = Number(count)
      const tested = rows.filter(row => isNewListener(row) && train[row]!.length >= known && test[row]!.length > 0)
      const userIdOf = (row: number) => `${listenerIds[row]}-with-${known}`
      await served.send(tested.map(row => ({ userId: userIdOf(row), played: train[row]!.slice(0, known) })))
      const lists = await served.lists(tested.map(userIdOf), 100)
      const figures = lists.map((list, i) => {
        const own = new Set(itemsOf(train[tested[i]!]!))
        return ndcgAt(
          10,
          list.filter(item => !own.has(item)),
          new Set(test[tested[i]!]),
        )
      })
      report.judge(`NDCG@10 with ${known} known`, mean(figures), { atLeast: bar }, mean(figures).toFixed(4))
    }
    await served.stop()
  } finally {
    served.kill()
  }
}

function itemsOf(played: readonly PlayedItem[]): number[] {
  return played.map(({ item }) => item)
}
