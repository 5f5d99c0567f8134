/** The places of streams: so many in all, and no client can keep others out. */

/** What holds a place. */
export interface Holder {
  /** The place is needed for a client that has fewer. */
  displace(): void
}

/**
 * Where all places are taken, a client gets the newest place of the client that has most, if it has fewer itself: of 1,000
 * places that one client has taken, a second client can get 500.
 */
export class Places<H extends Holder> {
  readonly #max: number
  /** The holders of each client, the newest last. No list is empty. */
  readonly #holders = new Map<string, H[]>()
  #taken = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Takes a place; returns false where there is none for this client. */
  take(client: string, holder: H): boolean {
    if (this.#taken >= this.#max && !this.#displaceFor(client)) return false
    const own = this.#holders.get(client)
    if (own) own.push(holder)
    else this.#holders.set(client, [holder])
    this.#taken++
    return true
  }

  /** Frees the place of a holder, where it has one. */
  free(client: string, holder: H): void {
    const own = this.#holders.get(client)
    const at = own?.indexOf(holder) ?? -1
    if (!own || at === -1) return
    own.splice(at, 1)
    if (own.length === 0) this.#holders.delete(client)
    this.#taken--
  }

  #displaceFor(client: string): boolean {
    const own = this.#holders.get(client)?.length ?? 0
    let [owner, most]: [string, readonly H[]] = [client, []]
    for (const [each, holders] of this.#holders) if (holders.length > most.length) [owner, most] = [each, holders]
    const last = most.at(-1)
    if (!last || most.length <= own + 1) return false
    this.free(owner, last)
    last.displace()
    return true
  }
}
