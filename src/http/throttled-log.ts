/** Lines that clients can bring about at will: however many requests are refused, the log stays small. */
import type { FastifyBaseLogger } from 'fastify'
import { SECOND_MS } from '../units.ts'

export interface Kind {
  /** As the router has it, so that there are few: never a path that a client made up. */
  route: string
  status: number
}

type Level = 'info' | 'warn' | 'error'

/** One kind of line, from its first one until nothing of it has come for a second. */
interface Known {
  level: Level
  kind: Kind
  message: string
  /** Whether it has had its line of this second. */
  isShown: boolean
  /** Lines left out since the last one. */
  omitted: number
}

/** Of each level, whatever the number of kinds: 10 lines of 200 bytes are 170 MB a day. */
const LINES_A_SECOND = 10

/**
 * At most one line a second of each kind, and ten of each level. The next line of the kind says how many were `omitted`
 * before it; where none comes within a second, a line of its own does.
 */
export class ThrottledLog {
  readonly #log: FastifyBaseLogger
  readonly #isUnlimited: boolean
  readonly #known = new Map<string, Known>()
  #left = new Map<Level, number>()
  #timer: NodeJS.Timeout | undefined

  /** `isUnlimited`: for a level of the log at which somebody looks for one request. */
  constructor(log: FastifyBaseLogger, isUnlimited: boolean) {
    this.#log = log
    this.#isUnlimited = isUnlimited
  }

  write(level: Level, message: string, kind: Kind, details: object): void {
    if (this.#isUnlimited) {
      this.#log[level]({ ...kind, ...details }, message)
      return
    }
    const known = this.#knownOf(level, message, kind)
    if (known.isShown || !this.#takeLine(level)) {
      known.omitted++
      return
    }
    const { omitted } = known
    this.#log[level]({ ...kind, ...details, ...(omitted > 0 && { omitted }) }, message)
    known.isShown = true
    known.omitted = 0
  }

  /** Writes how many were left out last. */
  close(): void {
    clearInterval(this.#timer)
    for (const known of this.#known.values()) if (known.omitted > 0) this.#writeOmitted(known)
    this.#known.clear()
  }

  #knownOf(level: Level, message: string, kind: Kind) {
    const name = `${message} ${kind.status} ${kind.route}`
    const known = this.#known.get(name) ?? { level, kind, message, isShown: false, omitted: 0 }
    this.#known.set(name, known)
    this.#timer ??= setInterval(() => this.#nextSecond(), SECOND_MS).unref()
    return known
  }

  #takeLine(level: Level): boolean {
    const left = this.#left.get(level) ?? LINES_A_SECOND
    this.#left.set(level, Math.max(0, left - 1))
    return left > 0
  }

  #nextSecond(): void {
    this.#left.clear()
    for (const [name, known] of this.#known) {
      if (known.isShown) known.isShown = false
      else if (known.omitted === 0) this.#known.delete(name)
      else if (this.#takeLine(known.level)) this.#writeOmitted(known)
    }
    if (this.#known.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #writeOmitted(known: Known): void {
    this.#log[known.level]({ ...known.kind, omitted: known.omitted }, known.message)
    known.omitted = 0
  }
}
