/** Events on their way to the service: some arrive days after they happened. */
import type { Payload } from '../replay/payloads.ts'

export interface DemoEvent {
  payload: Payload
  /** Epoch milliseconds at which the service gets it. */
  arrivesAt: number
  /** Whether it is a play that the figures have to count. */
  isCountedPlay: boolean
}

export class Arrivals {
  #waiting: DemoEvent[] = []

  add(events: Iterable<DemoEvent>): void {
    for (const event of events) this.#waiting.push(event)
  }

  /** Takes those that arrive up to and including this instant, the first one first. */
  takeUntil(instant: number): DemoEvent[] {
    const { due = [], later = [] } = Object.groupBy(this.#waiting, ({ arrivesAt }) =>
      arrivesAt <= instant ? 'due' : 'later',
    )
    this.#waiting = later
    return due.sort((a, b) => a.arrivesAt - b.arrivesAt)
  }
}
