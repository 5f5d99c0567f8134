/** Which entities have changed since somebody asked for them last. */
import type { Changes, FiguresState } from '../figures.ts'

/** More are not kept: whoever asks for them reads all then. */
const MAX_CHANGED = 200_000

export class ChangedEntities {
  #since: FiguresState
  #entities: Set<number> | null = new Set()

  constructor(since: FiguresState) {
    this.#since = since
  }

  /** Adds entities before or after they are written: one that does not change in the end does no harm. */
  add(entities: Iterable<number>): void {
    if (!this.#entities) return
    for (const entity of entities) this.#entities.add(entity)
    if (this.#entities.size > MAX_CHANGED) this.#entities = null
  }

  take(until: FiguresState): Changes {
    const changes = { since: this.#since, until, entities: this.#entities }
    this.#since = until
    this.#entities = new Set()
    return changes
  }
}
