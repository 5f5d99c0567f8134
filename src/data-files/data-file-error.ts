/** Where in a data file. */
export interface Place {
  /** 1 for the first; of a document, where it begins. */
  line: number
  /** The document's number, 1 for the first: `mongoexport --jsonArray` writes all of them in one line. */
  document?: number
  /** Its `_id`, in plain JSON. */
  id?: unknown
}

const SHOWN_ID = 100

/** What is wrong with a data file, for the operator: which file, where (null: in no one place), what. */
export class DataFileError extends Error {
  override name = 'DataFileError'

  constructor(file: string, place: Place | null, fault: string) {
    super(place === null ? `${file}: ${fault}` : faultAt(file, place, fault))
  }
}

/** As a line for the operator: `events.json, line 1, document 31 (_id 64b0…): timestamp is required`. */
export function faultAt(file: string, { line, document, id }: Place, fault: string): string {
  const number = document === undefined ? '' : `, document ${document}`
  const named = id === undefined || id === null ? '' : ` (_id ${idText(id)})`
  return `${file}, line ${line}${number}${named}: ${fault}`
}

function idText(id: unknown): string {
  const isPlain = typeof id === 'number' || (typeof id === 'string' && /^[\w.:-]+$/.test(id))
  const text = isPlain ? String(id) : JSON.stringify(id)
  return text.length > SHOWN_ID ? `${text.slice(0, SHOWN_ID)}…` : text
}
