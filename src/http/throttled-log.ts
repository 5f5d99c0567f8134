/** A log for lines that clients can cause at will: however many requests are refused, the log stays small. */
import type { FastifyBaseLogger } from 'fastify'
import { SECOND_MS } from '../units.ts'

export interface Kind {
  /** The pattern of the route, never a path that a client made up: so there are few kinds. */
  route: string
  status: number
}

type Level = 'info' | 'warn' | 'error'

/** A kind of line that has come within the last second. */
interface Recent {
  level: Level
  kind: Kind
  message: string
  /** Whether a line of it has been written in this second. */
  isShown: boolean
  /** Lines left out since the last one. */
  omitted: number
}

/** Lines of each level, whatever the number of kinds: 10 lines of 200 bytes a second are 170 MB a day. */
const LINES_A_SECOND = 10

/**
 * Writes at most one line a second of each kind, and ten of each level. The next line of the kind says how many were
 * `omitted` before it; where none comes within a second, a line of its own says it.
 */
export class ThrottledLog {
  readonly #log: FastifyBaseLogger
  readonly #isUnlimited: boolean
  readonly #recent = new Map<string, Recent>()
  #left = new Map<Level, number>()
  #timer: NodeJS.Timeout | undefined

  /** `isUnlimited`: writes every line, for a log level at which an operator looks for one request. */
  constructor(log: FastifyBaseLogger, isUnlimited: boolean) {
    this.#log = log
    this.#isUnlimited = isUnlimited
  }

  write(level: Level, message: string, kind: Kind, details: object): void {
    if (this.#isUnlimited) {
      this.#log[level]({ ...kind, ...details }, message)
      return
    }
    const recent = this.#recentOf(level, message, kind)
    if (recent.isShown || !this.#takeLine(level)) {
      recent.omitted++
      return
    }
    const { omitted } = recent
    this.#log[level]({ ...kind, ...details, ...(omitted > 0 && { omitted }) }, message)
    recent.isShown = true
    recent.omitted = 0
  }

  /** Writes how many lines were omitted last. */
  close(): void {
    clearInterval(this.#timer)
    for (const recent of this.#recent.values()) if (recent.omitted > 0) this.#writeOmitted(recent)
    this.#recent.clear()
  }

  #recentOf(level: Level, message: string, kind: Kind) {
    const name = `${message} ${kind.status} ${kind.route}`
    const recent = this.#recent.get(name) ?? { level, kind, message, isShown: false, omitted: 0 }
    this.#recent.set(name, recent)
    this.#timer ??= setInterval(() => this.#nextSecond(), SECOND_MS).unref()
    return recent
  }

  #takeLine(level: Level): boolean {
    const left = this.#left.get(level) ?? LINES_A_SECOND
    this.#left.set(level, Math.max(0, left - 1))
    return left > 0
  }

  #nextSecond(): void {
    this.#left.clear()
    for (const [name, recent] of this.#recent) {
      if (recent.isShown) recent.isShown = false
      else if (recent.omitted === 0) this.#recent.delete(name)
      else if (this.#takeLine(recent.level)) this.#writeOmitted(recent)
    }
    if (this.#recent.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #writeOmitted(recent: Recent): void {
    this.#log[recent.level]({ ...recent.kind, omitted: recent.omitted }, recent.message)
    recent.omitted = 0
  }
}
