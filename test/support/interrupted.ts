/** A store that is lost in the middle of some work. */
import { StoreUnavailable } from '../../src/storage/storage.ts'

/** Records the calls of a store's methods, and fails in call number `last`, the first being 1, and in all after it. */
export class Interruption {
  /** The methods in the order of their calls. */
  readonly calls: string[] = []
  readonly #last: number

  constructor(last: number) {
    this.#last = last
  }

  /** The store, or a part of it, as the interrupted work sees it. */
  of<T extends object>(target: T): T {
    return new Proxy(target, { get: (_, name) => this.#member(target, String(name)) })
  }

  #member(target: object, name: string): unknown {
    const member: unknown = Reflect.get(target, name, target)
    if (typeof member === 'object' && member !== null) return this.of(member)
    if (typeof member !== 'function') return member
    return (...args: unknown[]) => {
      this.calls.push(name)
      if (this.calls.length >= this.#last) throw new StoreUnavailable('interrupted')
      return member.apply(target, args) as unknown
    }
  }
}
