/** The same events sent three times, shuffled, by several clients in every form: counted once. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { seededRandom } from '../../dev/replay/random.ts'
import { deliver, type Form } from '../support/delivery.ts'
import { assertCountedOnce, type KnownEvent, knownEventsUpTo } from '../support/known-events.ts'
import { startService, temporaryFolder } from '../support/service-process.ts'

const EVENTS = 100_000
const TIMES = 3
const CLIENTS = 4
const SINGLES = 500
const FORMS: readonly Form[] = ['json', 'gzip', 'ndjson']

test(`counts ${EVENTS} events once that are sent ${TIMES} times`, async (t: TestContext) => {
  const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
  t.diagnostic(`CRASH_SEED=${seed}`)
  const service = await startService(t, { dataDir: await temporaryFolder(t) })
  const events = knownEventsUpTo(EVENTS, 'three', seed)
  const random = seededRandom(seed)
  const copies = shuffled(Array.from({ length: TIMES }, () => events).flat(), random)

  const sendings = sendingsOf(copies, random)
  const counts = { accepted: 0, duplicates: 0 }
  const client = async () => {
    for (const { events, form } of sendings) {
      for (const { accepted, duplicates } of await deliver(service.url, events, form)) {
        counts.accepted += accepted
        counts.duplicates += duplicates
      }
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))

  assert.deepEqual(counts, { accepted: EVENTS, duplicates: EVENTS * (TIMES - 1) })
  await service.projected()
  await assertCountedOnce(service.url, events)
})

/** Some events one by one, the others in batches of all sizes. */
function* sendingsOf(
  events: readonly KnownEvent[],
  random: () => number,
): Generator<{ events: KnownEvent[]; form: Form }> {
  for (const event of events.slice(0, SINGLES)) yield { events: [event], form: 'single' }
  for (let from = SINGLES; from < events.length; ) {
    const size = 1 + Math.floor(random() * 4000)
    yield { events: events.slice(from, from + size), form: FORMS[Math.floor(random() * FORMS.length)]! }
    from += size
  }
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1))
    const item = items[i]!
    items[i] = items[other]!
    items[other] = item
  }
  return items
}
