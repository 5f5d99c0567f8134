/** Orders, with totals or prices of their items, each in its own, the order's or the default currency. */
import fc from 'fast-check'
import type { EventType, Metadata, OrderItem, StatsEvent } from '../../src/events/event.ts'
import { NAIVE_DECIMALS, naivePrice } from './naive-money.ts'
import { entity, maybe, naming, seldom, some } from './random-ids.ts'

export type Sent = Omit<StatsEvent, 'eventId' | 'timestamp'>

/** In the smallest unit: some that three can't share, some that floats don't hold, one near the most that a line may cost. */
const amounts = maybe(some([0, 1, 2, 5, 29, 999, 1_427, 1_000, 1_999, 33_333_333_333]))

const currencies = seldom(some(Object.keys(NAIVE_DECIMALS)))
const partial = seldom(some([true, true, false]))

const item = fc.record({
  amount: amounts,
  currency: currencies,
  quantity: maybe(some([1, 2, 3])),
  partial,
  naming: fc.oneof(naming, naming, fc.constant({})),
})

const order = fc.record({
  eventType: some<EventType>(['order.paid', 'order.paid', 'order.refunded']),
  entityType: some(['order', 'order', 'order', 'artist', 'album', 'track', undefined]),
  entityId: fc.oneof(fc.constant('1764000000000'), entity),
  amount: amounts,
  currency: currencies,
  partial,
  items: maybe(fc.array(item, { minLength: 1, maxLength: 3 })),
  arePriced: fc.boolean(),
  naming: fc.oneof(fc.constant({}), naming),
})

/** Orders as they are sent to a service with this default currency. */
export const ordersIn = (defaultCurrency: string): fc.Arbitrary<Sent> =>
  order.map(({ eventType, entityType, entityId, amount, currency, partial, items, arePriced, naming }) => {
    const ofOrder = currency ?? defaultCurrency
    const lines = items?.map(({ amount, currency, quantity, partial, naming }) => {
      const price = arePriced ? priceOf(amount, currency ?? ofOrder) : undefined
      return present<OrderItem>({ ...naming, price, currency, quantity, partial })
    })
    const price = priceOf(amount, ofOrder)
    const metadata = present<Metadata>({ ...naming, price, currency, partial, items: lines })
    return present<Sent>({ eventType, entityType, entityId, metadata })
  })

function priceOf(amount: number | undefined, currency: string): string | undefined {
  return amount === undefined ? undefined : naivePrice(amount, currency)
}

/** Leaves out what is undefined, as absent fields are. */
export function present<T extends object>(fields: { [key in keyof T]: T[key] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
