/** Rules of single events, said once more and plainly: who is nobody, what is a skip, what a partial refund takes back. */
import { type CreditedEvent, creditEvent } from '../../src/events/credits.ts'
import type { Metadata, OrderItem, RuledEvent } from '../../src/events/event.ts'

const SAYS_NOTHING = /^\s*(undefined|null|nan|\[object object\])?\s*$/i
const IS_NOBODY = /^\s*(anonymous|undefined|null|nan|\[object object\])?\s*$/i
const ID_FIELDS = ['albumId', 'artistId', 'genre']

/** Whether a play does not count, where half a minute counts. */
export function naiveSkip({ playedMs, durationMs }: Metadata): boolean {
  if (playedMs === undefined) return false
  if (playedMs === 0) return true
  if (durationMs === undefined || playedMs >= 30_000) return false
  return durationMs === 0 || playedMs < durationMs / 2
}

/** The credits of an event, of which all that these rules say is worked out here. */
export function naiveCredits({ event, ruling }: RuledEvent): CreditedEvent {
  const { userId, metadata = {}, ...rest } = event
  const said = saidBy(metadata)
  const credit = (metadata: Metadata) => creditEvent({ event: { ...rest, metadata }, ruling })
  const credited = credit(said)
  if (userId !== undefined && !event.anonymous && !IS_NOBODY.test(userId)) credited.listener = userId
  if (event.eventType !== 'order.refunded') return credited

  const lines = said.items?.length ? said.items.map(item => credit({ ...said, items: [item] })) : [credited]
  const isKept = lines.map((_, i) => metadata.partial === true || metadata.items?.[i]?.partial === true)
  const ofKept = lines.flatMap(({ credits }, i) => credits.map(() => isKept[i]))
  return {
    ...credited,
    credits: credited.credits.map((credit, i) => (ofKept[i] ? { ...credit, by: 0 } : credit)),
    bought: lines.flatMap(({ bought }, i) => (isKept[i] ? [] : bought)),
  }
}

/** Metadata, or an item, without ids that say nothing, and without `partial`. */
function saidBy<T extends Metadata | OrderItem>(fields: T): T {
  const said = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'partial') return []
    if (name === 'items') return [[name, (value as OrderItem[]).map(saidBy)]]
    if (name === 'artistIds') return [[name, (value as string[]).filter(id => !SAYS_NOTHING.test(id))]]
    return ID_FIELDS.includes(name) && SAYS_NOTHING.test(String(value)) ? [] : [[name, value]]
  })
  return Object.fromEntries(said) as T
}
