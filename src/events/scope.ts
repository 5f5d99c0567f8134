/** Where a parser is in an event: the object whose fields it parses, and what is gathered of the whole event. */
import type { Instant } from '../storage/storage.ts'
import { FaultList, joinPath } from './faults.ts'

/** What prices are in. `code` is undefined where none is named: the default currency. */
export interface Currency {
  code: string | undefined
  /** False where a currency is named that does not exist. */
  isKnown: boolean
}

const UNNAMED: Currency = { code: undefined, isKnown: true }

/** What is gathered while one event is parsed. */
export class EventState {
  readonly faults: FaultList
  readonly now: Instant
  readonly defaultCurrency: string
  /** Some price names no currency. */
  needsCurrency = false
  /** The event takes an order back, so that `partial` has a meaning. */
  isRefund = false

  constructor(context: { now: Instant; defaultCurrency: string; maxFaultCharacters?: number }) {
    this.faults = new FaultList(context.maxFaultCharacters)
    this.now = context.now
    this.defaultCurrency = context.defaultCurrency
  }
}

export class Scope {
  readonly event: EventState
  /** Of the object, such as `metadata.items.0`; empty of the event itself. */
  readonly path: string
  /** How deep the object lies in the event: 0 is the event itself. */
  readonly depth: number
  currency: Currency

  constructor(event: EventState, path = '', depth = 0, currency = UNNAMED) {
    this.event = event
    this.path = path
    this.depth = depth
    this.currency = currency
  }

  /** The scope of an object in the field `key`. Prices in it are in the same currency unless it names another one. */
  child(key: string): Scope {
    return new Scope(this.event, joinPath(this.path, key), this.depth + 1, this.currency)
  }

  /** Adds a fault of the field `key`. Returns undefined, which is the value of a refused field. */
  fault(key: string, code: string, message: string): undefined {
    this.event.faults.add(this.path, key, code, message)
  }
}
