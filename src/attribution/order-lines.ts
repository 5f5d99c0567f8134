/** The lines of an order: whom each is credited to, and its revenue. */
import type { Metadata, OrderItem } from '../events/event.ts'
import { minorUnits, splitMinorUnits } from '../events/money.ts'
import { entitiesOfItem, type NamedEntities } from './named-entities.ts'

/** An amount in minor units of an ISO 4217 currency: 999 of EUR is 9.99 €. */
export interface Revenue {
  currency: string
  minor: number
}

export interface OrderLine {
  entities: NamedEntities
  /** Absent where the order has no items and is one line itself. */
  item?: OrderItem
  /** Not negative, of a refund neither; undefined where the price or its currency is unknown. */
  revenue: Revenue | undefined
  /** `partial: true` of the item or of the order; of a refund it means that what was bought is kept. */
  isPartial: boolean
}

/**
 * One line for each item, each with its own price times its quantity; an order without items is one line. Where the items
 * have no prices and the order has one, it is split among them to the minor unit: 1.00 € of three items is 34, 33 and
 * 33 cents.
 * @param ofOrder what the order itself names: items that name nothing are credited by it.
 * @param defaultCurrency the currency of prices for which neither the item nor the order names one.
 */
export function orderLines(
  metadata: Metadata,
  ofOrder: NamedEntities,
  defaultCurrency: string | undefined,
): OrderLine[] {
  const currency = metadata.currency ?? defaultCurrency
  const revenueOf = (price: string | undefined, own = currency, quantity = 1): Revenue | undefined =>
    price === undefined || own === undefined ? undefined : { currency: own, minor: minorUnits(price, own) * quantity }
  const items = metadata.items ?? []
  const isPartial = metadata.partial === true
  const total = revenueOf(metadata.price)
  if (items.length === 0) return [{ entities: ofOrder, revenue: total, isPartial }]
  const lines = items.map(
    (item): OrderLine => ({
      entities: entitiesOfItem(item, ofOrder),
      item,
      revenue: revenueOf(item.price, item.currency, item.quantity),
      isPartial: isPartial || item.partial === true,
    }),
  )
  if (total && items.every(item => item.price === undefined)) {
    const shares = splitMinorUnits(total.minor, lines.length)
    for (const [i, line] of lines.entries()) line.revenue = { currency: total.currency, minor: shares[i] ?? 0 }
  }
  return lines
}
