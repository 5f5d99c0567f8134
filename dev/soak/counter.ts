/** Counts things by kind. */
export class Counter {
  readonly #counts = new Map<string, number>()

  add(kind: string, by = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + by)
  }

  get total(): number {
    return this.#counts.values().reduce((sum, count) => sum + count, 0)
  }

  of(kind: string): number {
    return this.#counts.get(kind) ?? 0
  }

  /** `a 12, b 3`, the most first. */
  toString(): string {
    const entries = [...this.#counts].sort((a, b) => b[1] - a[1])
    return entries.map(([kind, count]) => `${kind} ${count.toLocaleString('en')}`).join(', ')
  }
}
