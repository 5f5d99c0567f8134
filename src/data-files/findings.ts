/** What is wrong with a data file, for the operator: an error that ends the work, or one of many findings. */

/** Where in a data file. */
export interface Location {
  /** 1 for the first; of a document, where it begins. */
  line: number
  /** The document's number, 1 for the first: `mongoexport --jsonArray` writes all of them in one line. */
  document?: number
  /** Its `_id`, in plain JSON. */
  id?: unknown
}

const MAX_ID_CHARACTERS = 100
const MAX_LISTED = 100

/** A fault that ends the work. `location` is null where it concerns the whole file or folder. */
export class DataFileError extends Error {
  override name = 'DataFileError'

  constructor(file: string, location: Location | null, fault: string) {
    super(location === null ? `${file}: ${fault}` : faultAt(file, location, fault))
  }
}

/** One line for the operator: `events.json, line 1, document 31 (_id 64b0…): timestamp is required`. */
export function faultAt(file: string, { line, document, id }: Location, fault: string): string {
  const number = document === undefined ? '' : `, document ${document}`
  const named = id === undefined || id === null ? '' : ` (_id ${idText(id)})`
  return `${file}, line ${line}${number}${named}: ${fault}`
}

function idText(id: unknown): string {
  const isPlain = typeof id === 'number' || (typeof id === 'string' && /^[\w.:-]+$/.test(id))
  const text = isPlain ? String(id) : JSON.stringify(id)
  return text.length > MAX_ID_CHARACTERS ? `${text.slice(0, MAX_ID_CHARACTERS)}…` : text
}

/** How many findings there were, and the first 100 of them. */
export interface Findings<T> {
  count: number
  first: T[]
}

export const noFindings = <T>(): Findings<T> => ({ count: 0, first: [] })

/** Counts one more; `finding` is called only where it is listed. */
export function addFinding<T>(findings: Findings<T>, finding: () => T): void {
  if (++findings.count <= MAX_LISTED) findings.first.push(finding())
}
