/**
 * One mail an hour to one address, over restarts and all instances: an alert reserves its address's hour before it is sent,
 * as a document that only one of several can write. Requested alerts have hours of their own, so that requests, which
 * anybody may make, delay no automatic alert; they themselves keep to both.
 */
import { addressKey } from '../identity/email-address.ts'
import { ALERT_ADDRESSES } from '../storage/collections.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import type { KeptAlert } from './alert.ts'
import { COOLDOWN_MS } from './cooldown.ts'
import type { AlertContext, AlertTime } from './ports.ts'

const MAX_ADDRESSES = 100_000

/** Which alert reserved the hour, and when, in epoch milliseconds. */
interface Hour {
  alert: string
  at: number
}

export class AddressCooldown {
  readonly #documents: Documents
  readonly #time: AlertTime

  constructor({ documents, time }: Pick<AlertContext, 'documents' | 'time'>) {
    this.#documents = documents
    this.#time = time
  }

  /** Milliseconds until a requested alert may be mailed to the address; 0 where that is now. @throws StoreUnavailable */
  async leftForRequest(address: string): Promise<number> {
    return Math.max(...(await Promise.all(keysFor(address, false).map(key => this.#left(key)))))
  }

  /** Reserves the address's hour for an alert. Returns 0, or in how many milliseconds that is possible. @throws StoreUnavailable */
  async reserve(address: string, kept: KeptAlert): Promise<number> {
    const [own, ...others] = keysFor(address, kept.alert.automatic)
    for (const key of others) {
      const left = await this.#left(key)
      if (left > 0) return left
    }
    const before = await this.#documents.get(ALERT_ADDRESSES, own)
    // The alert's own reservation is of an earlier process, which ended while it sent the mail.
    const left = before && !isReservedFor(kept, before.value) ? this.#leftOf(own, before.value) : 0
    if (left > 0) return left
    const value = this.#hourOf(kept)
    const isReserved = before
      ? await this.#documents.swap(ALERT_ADDRESSES, own, before.value, value)
      : await this.#documents.add(ALERT_ADDRESSES, { id: own, group: ALERT_ADDRESSES, value }, MAX_ADDRESSES)
    return isReserved ? 0 : COOLDOWN_MS
  }

  /**
   * Ends a reservation: the hour begins now where the mail may have been delivered, and is free again where not. Where the
   * store is not available, it stays as it was reserved.
   */
  async endReservation(address: string, kept: KeptAlert, isDelivered: boolean): Promise<void> {
    const [own] = keysFor(address, kept.alert.automatic)
    try {
      const reserved = await this.#documents.get(ALERT_ADDRESSES, own)
      if (!reserved || !isReservedFor(kept, reserved.value)) return
      const value = isDelivered ? this.#hourOf(kept) : ''
      await this.#documents.swap(ALERT_ADDRESSES, own, reserved.value, value)
      // Asked at once, so that a later change of the wall clock does not count.
      this.#leftOf(own, value)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  async #left(key: string): Promise<number> {
    const document = await this.#documents.get(ALERT_ADDRESSES, key)
    return document ? this.#leftOf(key, document.value) : 0
  }

  #leftOf(key: string, value: string): number {
    return value === '' ? 0 : this.#time.waits.left(key, hourIn(value).at + COOLDOWN_MS, COOLDOWN_MS)
  }

  #hourOf(kept: KeptAlert): string {
    return JSON.stringify({ alert: nameOf(kept), at: this.#time.clock() } satisfies Hour)
  }
}

/** Ids are given anew once an artist's alerts have all left. */
const nameOf = ({ id, alert }: KeptAlert): string => `${id} ${alert.at}`

const hourIn = (value: string): Hour => JSON.parse(value) as Hour

const isReservedFor = (kept: KeptAlert, value: string): boolean => value !== '' && hourIn(value).alert === nameOf(kept)

/** The hours that an alert keeps to, its own first. */
function keysFor(address: string, automatic: boolean): [string, ...string[]] {
  const key = addressKey(address)
  return automatic ? [`automatic ${key}`] : [`asked ${key}`, `automatic ${key}`]
}
