/** Texts that clients send in the place of an id that they do not have. */

/** What scripts write where they have no value, and what is left of a blank one; compared trimmed and without case. */
const ABSENT: ReadonlySet<string> = new Set(['', 'undefined', 'null', 'nan', '[object object]'])
const LONGEST = Math.max(...[...ABSENT].map(text => text.length))

/** Whether an id identifies nothing. Taken for an id, it would make one entity of all that a client has no id for. */
export function isAbsentId(id: string): boolean {
  return !isPlainlyLong(id) && ABSENT.has(normalised(id))
}

/** Whether a `userId` identifies no user: it is absent, or `anonymous`, as the old service writes it. */
export function isAnonymousUserId(userId: string): boolean {
  return !isPlainlyLong(userId) && (isAbsentId(userId) || normalised(userId) === 'anonymous')
}

/** The id, or undefined where it identifies nothing. */
export function idOrUndefined(id: string | undefined): string | undefined {
  return id === undefined || isAbsentId(id) ? undefined : id
}

/** Whether a text has no blank to trim and is longer than all of `ABSENT`. So are most ids: this saves a tenth of the time. */
function isPlainlyLong(text: string): boolean {
  return text.length > LONGEST && isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1))
}

const isVisible = (unit: number): boolean => unit > 0x20 && unit < 0x7f

const normalised = (text: string): string => text.trim().toLowerCase()
