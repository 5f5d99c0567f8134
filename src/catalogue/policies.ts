/**
 * What guards a call to the catalogue, outermost first: a limit of calls at a time, a circuit breaker, retries, and a
 * time-out of each attempt.
 */
import {
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IBackoff,
  IterableBackoff,
  isTaskCancelledError,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'

/** Failed calls in a row that open the circuit. */
export const FAILURES_TO_OPEN = 5
/** How long an open circuit refuses calls before it lets one try. */
export const OPEN_SECONDS = 30

const RETRY_DELAYS_MS = [1000, 2000, 4000]
const CALLS_AT_A_TIME = 16
const CALLS_WAITING = 500

/** The catalogue can't be reached, or says that it is overloaded: trying again may help. */
export class PassingFault extends Error {
  override name = 'PassingFault'
}

/** An answer that is more than a bound allows: asking again would bring the same, but a catalogue that does so is failing. */
export class ExcessiveAnswer extends Error {
  override name = 'ExcessiveAnswer'
}

export interface PolicyEvents {
  onRetry(): void
  onTimeout(): void
}

export interface Call<T> {
  /** Asked once the call's turn has come; what it throws refuses the call and counts for nothing. */
  admit(): void
  /**
   * Must give up when the signal says so. `PassingFault`s and time-outs are tried again, and counted as one failure; so is
   * an `ExcessiveAnswer`, which is not tried again.
   */
  attempt(signal: AbortSignal): Promise<T>
}

/**
 * How long the circuit stays open, by the monotonic clock. The library asks how long that is whenever a call comes, and
 * compares it with the wall clock: it is told that there is all the time to wait, or none.
 */
class OpenTime {
  readonly #monotonic: () => number

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** The time of a circuit that opens now. */
  next(): IBackoff<unknown> {
    const monotonic = this.#monotonic
    const end = monotonic() + OPEN_SECONDS * 1000
    return {
      get duration() {
        return monotonic() < end ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      },
      next: () => this.next(),
    }
  }
}

const isPassing = (error: unknown) => error instanceof PassingFault || isTaskCancelledError(error)
const passing = handleWhen(isPassing)
const failing = handleWhen(error => isPassing(error) || error instanceof ExcessiveAnswer)

export class Policies {
  readonly #bulkhead = bulkhead(CALLS_AT_A_TIME, CALLS_WAITING)
  readonly #failures = new ConsecutiveBreaker(FAILURES_TO_OPEN)
  readonly #breaker: CircuitBreakerPolicy
  readonly #retry = retry(passing, {
    maxAttempts: RETRY_DELAYS_MS.length,
    backoff: new IterableBackoff(RETRY_DELAYS_MS),
  })
  readonly #events: PolicyEvents
  #openedAt: number | null = null

  /** `clock`: epoch milliseconds, for `openedAt` only; `monotonic`: milliseconds that no change of the clock touches. */
  constructor(events: PolicyEvents, clock: () => number, monotonic: () => number) {
    this.#events = events
    this.#breaker = circuitBreaker(failing, { halfOpenAfter: new OpenTime(monotonic), breaker: this.#failures })
    this.#retry.onRetry(() => events.onRetry())
    this.#breaker.onBreak(() => {
      this.#openedAt = clock()
    })
    this.#breaker.onReset(() => {
      this.#openedAt = null
    })
  }

  /** Half-open is the circuit while one call tries, and only then. */
  get state(): 'Closed' | 'Open' | 'Half-Open' {
    const { state } = this.#breaker
    return state === CircuitState.Closed ? 'Closed' : state === CircuitState.HalfOpen ? 'Half-Open' : 'Open'
  }

  /** Failed calls in a row. */
  get failures(): number {
    return this.#failures.state
  }

  /** Epoch milliseconds; null where the circuit is closed. */
  get openedAt(): number | null {
    return this.#openedAt
  }

  /** Runs calls, each attempt of which may take `timeoutMs`. All runners share the circuit and the limits. */
  runner(timeoutMs: number): <T>(call: Call<T>) => Promise<T> {
    const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive)
    limit.onTimeout(() => this.#events.onTimeout())
    const guarded = wrap(this.#breaker, this.#retry, limit)
    return ({ admit, attempt }) =>
      this.#bulkhead.execute(() => {
        admit()
        return guarded.execute(({ signal }) => attempt(signal))
      })
  }
}
