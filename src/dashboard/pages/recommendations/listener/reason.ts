/** What the reason of a recommendation says, as the service writes it: `genre:Rock`, `similar:4`, `popular`. */

export type Reason = { kind: 'genre'; genre: string } | { kind: 'similar'; id: string } | { kind: 'popular' }

/** Null for a reason that this page does not know yet. */
export function reasonOf(text: string): Reason | null {
  if (text === 'popular') return { kind: 'popular' }
  const [, kind, value] = /^(genre|similar):(.+)$/s.exec(text) ?? []
  if (value === undefined) return null
  return kind === 'genre' ? { kind, genre: value } : { kind: 'similar', id: value }
}
