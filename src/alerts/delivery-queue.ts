/** Which alerts wait for an attempt, and which attempts are under way: three at most, those of urgent alerts first. */
import type { Clock } from '../concurrency/clock.ts'

const MAX_UNDER_WAY = 3

export class DeliveryQueue {
  readonly #clock: Clock
  readonly #attempt: (id: string) => Promise<void>
  readonly #onEnd: () => void
  /** When each waiting alert is due, in milliseconds of the clock. */
  readonly #dueAt = new Map<string, number>()
  /** Waiting alerts that go before all others. */
  readonly #urgent = new Set<string>()
  readonly #underWay = new Map<string, Promise<void>>()
  #isClosed = false

  /** `attempt` makes one attempt and never rejects; `onEnd` is called after each. */
  constructor(clock: Clock, attempt: (id: string) => Promise<void>, onEnd: () => void) {
    this.#clock = clock
    this.#attempt = attempt
    this.#onEnd = onEnd
  }

  get waiting(): number {
    return this.#dueAt.size
  }

  /** All alerts that wait, or are under way. */
  get ids(): Set<string> {
    return new Set([...this.#dueAt.keys(), ...this.#underWay.keys()])
  }

  isUnderWay(id: string): boolean {
    return this.#underWay.has(id)
  }

  /** Makes an attempt due after `delayMs` milliseconds; it begins after one at the same alert that is under way. */
  schedule(id: string, delayMs: number, { urgent = false } = {}): void {
    this.#dueAt.set(id, this.#clock.now() + delayMs)
    if (urgent) this.#urgent.add(id)
  }

  /** Begins the attempts that are due, as far as there is capacity. */
  beginDue(): void {
    while (!this.#isClosed && this.#underWay.size < MAX_UNDER_WAY) {
      const id = this.#nextDue()
      if (id === undefined) return
      this.#dueAt.delete(id)
      this.#urgent.delete(id)
      const attempt = this.#attempt(id).then(() => {
        this.#underWay.delete(id)
        this.beginDue()
        this.#onEnd()
      })
      this.#underWay.set(id, attempt)
    }
  }

  /** Milliseconds until an attempt can begin; `Infinity` where one that is under way has to end first. */
  get nextMs(): number {
    if (this.#underWay.size === MAX_UNDER_WAY) return Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const [id, dueAt] of this.#dueAt) if (!this.#underWay.has(id)) next = Math.min(next, dueAt)
    return next - this.#clock.now()
  }

  /** Begins no other attempt; resolves when those under way have ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#underWay.values())
  }

  #nextDue(): string | undefined {
    const now = this.#clock.now()
    const canBegin = (id: string) => !this.#underWay.has(id) && this.#dueAt.get(id)! <= now
    return this.#urgent.values().find(canBegin) ?? this.#dueAt.keys().find(canBegin)
  }
}
