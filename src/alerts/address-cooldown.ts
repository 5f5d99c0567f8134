/**
 * One mail an hour to one address, over restarts and all instances: who sends to an address takes its hour before, as a
 * document that one of several gets. Mails that were asked for, which anybody may do, have hours apart from those of the
 * service's own alerts, and so hold none of them up; they keep to both themselves.
 */

import { addressKey } from '../identity/email-address.ts'
import { ALERT_ADDRESSES } from '../storage/collections.ts'
import { type Documents, StoreUnavailable } from '../storage/storage.ts'
import type { StoredWaits } from '../storage/stored-waits.ts'
import type { KeptAlert } from './alert.ts'
import { COOLDOWN_MS } from './cooldown.ts'

const MAX_ADDRESSES = 100_000

/** Which alert took the hour, and when, in epoch milliseconds. */
interface Hour {
  alert: string
  at: number
}

export interface AddressCooldownOptions {
  documents: Documents
  /** Epoch milliseconds. */
  clock: () => number
  waits: StoredWaits
}

export class AddressCooldown {
  readonly #options: AddressCooldownOptions

  constructor(options: AddressCooldownOptions) {
    this.#options = options
  }

  /** Milliseconds until an alert that is asked for may be mailed to the address; 0 where that is now. @throws StoreUnavailable */
  async leftForRequest(address: string): Promise<number> {
    return Math.max(...(await Promise.all(keysFor(address, false).map(key => this.#left(key, null)))))
  }

  /** Takes the address's hour for an alert. 0 where it has it now, else in how many milliseconds it may. @throws StoreUnavailable */
  async take(address: string, kept: KeptAlert): Promise<number> {
    const [own, ...others] = keysFor(address, kept.alert.automatic)
    for (const key of others) {
      const left = await this.#left(key, null)
      if (left > 0) return left
    }
    const { documents } = this.#options
    const before = await documents.get(ALERT_ADDRESSES, own)
    const left = before ? this.#leftOf(own, before.value, nameOf(kept)) : 0
    if (left > 0) return left
    const value = this.#hourOf(kept)
    const isTaken = before
      ? await documents.swap(ALERT_ADDRESSES, own, before.value, value)
      : await documents.add(ALERT_ADDRESSES, { id: own, group: ALERT_ADDRESSES, value }, MAX_ADDRESSES)
    return isTaken ? 0 : COOLDOWN_MS
  }

  /** The hour begins now where the alert may have been delivered; else it is given back. Where the store is away it stays as it is. */
  async settle(address: string, kept: KeptAlert, isDelivered: boolean): Promise<void> {
    const [own] = keysFor(address, kept.alert.automatic)
    const { documents, waits } = this.#options
    try {
      const held = await documents.get(ALERT_ADDRESSES, own)
      if (!held || held.value === '' || hourIn(held.value).alert !== nameOf(kept)) return
      const value = isDelivered ? this.#hourOf(kept) : ''
      await documents.swap(ALERT_ADDRESSES, own, held.value, value)
      // Seen now, while the clock is what it was when the hour began.
      if (isDelivered) waits.left(own, hourIn(value).at + COOLDOWN_MS, COOLDOWN_MS)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }

  async #left(key: string, name: string | null): Promise<number> {
    const held = await this.#options.documents.get(ALERT_ADDRESSES, key)
    return held ? this.#leftOf(key, held.value, name) : 0
  }

  /** An alert is not held up by itself: the service may have ended while it sent it. */
  #leftOf(key: string, value: string, name: string | null): number {
    if (value === '') return 0
    const { alert, at } = hourIn(value)
    return alert === name ? 0 : this.#options.waits.left(key, at + COOLDOWN_MS, COOLDOWN_MS)
  }

  #hourOf(kept: KeptAlert): string {
    return JSON.stringify({ alert: nameOf(kept), at: this.#options.clock() } satisfies Hour)
  }
}

/** Ids are given anew once an artist's alerts have all left. */
const nameOf = ({ id, alert }: KeptAlert): string => `${id} ${alert.at}`

const hourIn = (value: string): Hour => JSON.parse(value) as Hour

/** The hours that an alert keeps to, its own first. */
function keysFor(address: string, automatic: boolean): [string, ...string[]] {
  const key = addressKey(address)
  return automatic ? [`automatic ${key}`] : [`asked ${key}`, `automatic ${key}`]
}
