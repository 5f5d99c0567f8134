/** What an order adds, line by line, as a plain reading of the rules, whose sentences are quoted where each is followed. */
import type { Credit } from '../../src/attribution/credits.ts'
import type { IngestedEvent, OrderItem } from '../../src/events/event.ts'
import { naiveMinor, naiveSplit } from './naive-money.ts'
import { attributionKeysOf, type Named, namedBy, namesNoArtist } from './naive-named.ts'
import type { PlainRefs } from './ref.ts'

interface Money {
  currency: string
  minor: bigint
}

interface Line {
  named: Named
  genre?: string | undefined
  money: Money | undefined
  /** Whether money is given back and what was bought is kept. */
  isKept: boolean
}

/** The lines of an order that names, by itself, `named`. '`purchases` counts order lines (an order without items is one).' */
export function naiveLines({ event, decision }: IngestedEvent, named: Named): Line[] {
  const { eventType, metadata = {} } = event
  const { items = [], price, currency = decision.currency } = metadata
  // 'A refund with `partial: true` (of the order or of an item) takes back revenue only.'
  const isKept = (item?: OrderItem) =>
    eventType === 'order.refunded' && (metadata.partial === true || item?.partial === true)
  const total = moneyOf(price, currency)
  if (items.length === 0) return [{ named, money: total, isKept: isKept() }]
  // 'An order whose items carry no price but that has a total: the total is split between its items to the minor unit.'
  const isTotalSplit = total !== undefined && items.every(item => item.price === undefined)
  const shares = isTotalSplit ? naiveSplit(total.minor, items.length) : []
  return items.map((item, i) => ({
    named: namedByItem(item, named),
    genre: item.genre as string | undefined,
    money: isTotalSplit
      ? { currency: total.currency, minor: shares[i]! }
      : moneyOf(item.price, item.currency ?? currency, item.quantity),
    isKept: isKept(item),
  }))
}

/** 'each item to its own artist or album'; 'an item that names nobody belongs to whom the order names'. */
function namedByItem(item: OrderItem, ofOrder: Named): Named {
  const own = namedBy(item)
  return namesNoArtist(own) && own.album === undefined ? ofOrder : own
}

/** 'with its own price × quantity' */
function moneyOf(price: string | undefined, currency: string | undefined, quantity = 1): Money | undefined {
  if (price === undefined || currency === undefined) return undefined
  return { currency, minor: naiveMinor(price, currency) * BigInt(quantity) }
}

/** 'an order's revenue is split between them to the minor unit, the first ones take the remainder' */
export function creditsOfLine({ named, money, isKept }: Line, by: 1 | -1): PlainRefs<Credit>[] {
  const keys = attributionKeysOf(named)
  const shares = money && naiveSplit(money.minor, keys.length)
  return keys.map((key, i) => ({
    key,
    measure: 'purchases',
    by: isKept ? 0 : by,
    part: i,
    ...(named.album !== undefined && { album: `album:${named.album}` }),
    ...(money && shares && { revenue: { currency: money.currency, minor: Number(shares[i]! * BigInt(by)) } }),
  }))
}
