/** Findings for the operator, of which there may be any number. */

/** How many are listed; the others are only counted. */
const LISTED = 100

/** How many there were, and the first of them. */
export interface Listed<T> {
  count: number
  first: T[]
}

/** Counts one more; `item` is made only where it is listed. */
export function list<T>(listed: Listed<T>, item: () => T): void {
  if (++listed.count <= LISTED) listed.first.push(item())
}
