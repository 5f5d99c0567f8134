/** Texts that stand where an id should be and identify nothing. */

/** What scripts write where they have no value, and what is left of a blank one; compared trimmed and without case. */
const NOTHING: ReadonlySet<string> = new Set(['', 'undefined', 'null', 'nan', '[object object]'])

/** Whether an id says nothing. Taken for ids, such texts would make one thing of all that a faulty client has no id for. */
export function isNothing(id: string): boolean {
  return NOTHING.has(plain(id))
}

/** Whether a `userId` is nobody's: it says nothing, or `anonymous`, as the old service writes it. */
export function isNobody(userId: string): boolean {
  return isNothing(userId) || plain(userId) === 'anonymous'
}

/** The id, unless it is absent or says nothing. */
export function given(id: string | undefined): string | undefined {
  return id === undefined || isNothing(id) ? undefined : id
}

function plain(text: string): string {
  return text.trim().toLowerCase()
}
