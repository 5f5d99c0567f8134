/** What should not have happened, by kind: printed when it first happens, and counted from then on. */
const SHOWN_LENGTH = 600

export class Findings {
  readonly #found = new Map<string, number>()

  /** `example`: what belongs to it, such as the request and its answer; only the first one of a kind is shown. */
  add(kind: string, example = ''): void {
    const count = this.#found.get(kind) ?? 0
    this.#found.set(kind, count + 1)
    if (count > 0) return
    const shown = example.length > SHOWN_LENGTH ? `${example.slice(0, SHOWN_LENGTH)}…` : example
    console.error(`finding: ${kind}${shown && `\n  ${shown}`}`)
  }

  get count(): number {
    return this.#found.values().reduce((sum, count) => sum + count, 0)
  }

  /** One for each kind. */
  lines(): string[] {
    return [...this.#found].map(([kind, count]) => `${count} × ${kind}`)
  }
}
