/** Texts that stand where an id should be and identify nothing. */

/** What scripts write where they have no value, and what is left of a blank one; compared trimmed and without case. */
const NOTHING: ReadonlySet<string> = new Set(['', 'undefined', 'null', 'nan', '[object object]'])

/** Whether an id says nothing. Taken for ids, such texts would make one thing of all that a faulty client has no id for. */
export function isNothing(id: string): boolean {
  return !isPlainlyLong(id) && NOTHING.has(plain(id))
}

/** Whether a `userId` is nobody's: it says nothing, or `anonymous`, as the old service writes it. */
export function isNobody(userId: string): boolean {
  return !isPlainlyLong(userId) && (isNothing(userId) || plain(userId) === 'anonymous')
}

/** The id, unless it is absent or says nothing. */
export function given(id: string | undefined): string | undefined {
  return id === undefined || isNothing(id) ? undefined : id
}

const LONGEST = Math.max(...[...NOTHING].map(text => text.length))

/** Too long for any of them, with nothing to trim: so are most ids, and finding that out costs a tenth. */
function isPlainlyLong(text: string): boolean {
  return text.length > LONGEST && isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1))
}

const isVisible = (unit: number): boolean => unit > 0x20 && unit < 0x7f

function plain(text: string): string {
  return text.trim().toLowerCase()
}
