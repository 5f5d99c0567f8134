/**
 * `npm run bench [-- <name>… [--events <n>]]`: runs the benchmarks one after the other, all of them without a name.
 * `--events` is the size of the large store (10,000,000); the small one has a tenth of it.
 */
import { parseArgs } from 'node:util'
import { batch } from './batch.ts'
import { fresh } from './fresh.ts'
import { live } from './live.ts'
import { neighbours } from './neighbours.ts'
import { queries } from './queries.ts'
import { rebuild } from './rebuild.ts'
import { recommendations } from './recommendations.ts'
import { whole } from './report.ts'
import { shared } from './shared.ts'
import { single } from './single.ts'
import { statistics } from './statistics.ts'
import { removeWork } from './stores.ts'

const BENCHMARKS = { single, neighbours, batch, live, queries, statistics, fresh, rebuild, shared, recommendations }
const SMALLEST = 20_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: { type: 'string', default: '10000000' } },
})
const large = Math.floor(Number(values.events) / SMALLEST) * SMALLEST
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)
const unknown = names.filter(name => !Object.hasOwn(BENCHMARKS, name))
if (unknown.length > 0 || !(large >= SMALLEST)) {
  console.error(`usage: bench [${Object.keys(BENCHMARKS).join('|')}]… [--events <at least ${SMALLEST}>]`)
  process.exit(2)
}

process.on('exit', removeWork)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

for (const name of names as (keyof typeof BENCHMARKS)[]) {
  const report = await BENCHMARKS[name]({ small: large / 10, large })
  report.save(`stores of ${whole(large / 10)} and ${whole(large)} events`)
}
