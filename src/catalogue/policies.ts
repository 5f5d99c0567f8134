/**
 * Guards the calls to the catalogue. Outermost first: a limit of concurrent calls, a circuit breaker, retries, and a time-out
 * of each attempt.
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
import { ExcessiveAnswer, TransientFault } from './catalogue-faults.ts'

/** Failed calls in a row that open the circuit. */
export const FAILURES_TO_OPEN = 5
/** How long an open circuit refuses calls before it lets a trial call through. */
export const OPEN_SECONDS = 30

const RETRY_DELAYS_MS = [1000, 2000, 4000]
const CONCURRENT_CALLS = 16
const WAITING_CALLS = 500

/** The circuit breaker as the API shows it. */
export interface CircuitStatus {
  state: 'Closed' | 'Open' | 'Half-Open'
  /** Failed calls in a row. */
  fail_count: number
  fail_max: number
  /** Seconds. */
  reset_timeout: number
  /** ISO 8601; null where the circuit is closed. */
  opened_at: string | null
}

/** The circuit breaker before the first call. */
export const UNUSED_CIRCUIT: CircuitStatus = {
  state: 'Closed',
  fail_count: 0,
  fail_max: FAILURES_TO_OPEN,
  reset_timeout: OPEN_SECONDS,
  opened_at: null,
}

export interface PolicyEvents {
  onRetry(): void
  onTimeout(): void
}

export interface Call<T> {
  /** Called when the call's turn has come. Where it throws, the call is refused, and the breaker does not count it. */
  admit(): void
  /**
   * Must give up when the signal aborts. After a `TransientFault` or a time-out there are further attempts; where the last one
   * fails, the call counts as one failure. So does an `ExcessiveAnswer`, without further attempts.
   */
  attempt(signal: AbortSignal): Promise<T>
}

/**
 * Keeps the circuit open for `OPEN_SECONDS` of the monotonic clock. The library reads `duration` at each call and compares it
 * with the wall clock, which may have been set: so the duration is infinite until the time is over, and negative from then on.
 */
class OpenTime {
  readonly #monotonic: () => number

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** For a circuit that opens now. */
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

const isTransient = (error: unknown) => error instanceof TransientFault || isTaskCancelledError(error)
const transient = handleWhen(isTransient)
const failing = handleWhen(error => isTransient(error) || error instanceof ExcessiveAnswer)

export class Policies {
  readonly #bulkhead = bulkhead(CONCURRENT_CALLS, WAITING_CALLS)
  readonly #failures = new ConsecutiveBreaker(FAILURES_TO_OPEN)
  readonly #breaker: CircuitBreakerPolicy
  readonly #retry = retry(transient, {
    maxAttempts: RETRY_DELAYS_MS.length,
    backoff: new IterableBackoff(RETRY_DELAYS_MS),
  })
  readonly #events: PolicyEvents
  /** Epoch milliseconds; null where the circuit is closed. */
  #openedAt: number | null = null

  /** `clock`: epoch milliseconds, for `opened_at` only; `monotonic`: milliseconds of a monotonic clock. */
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

  /** Half-open only while a trial call is running. */
  get state(): CircuitStatus['state'] {
    const { state } = this.#breaker
    return state === CircuitState.Closed ? 'Closed' : state === CircuitState.HalfOpen ? 'Half-Open' : 'Open'
  }

  get status(): CircuitStatus {
    const openedAt = this.#openedAt === null ? null : new Date(this.#openedAt).toISOString()
    return { ...UNUSED_CIRCUIT, state: this.state, fail_count: this.#failures.state, opened_at: openedAt }
  }

  /** Runs calls, each attempt of which may take `timeoutMs` milliseconds. All runners share the circuit and the limits. */
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
