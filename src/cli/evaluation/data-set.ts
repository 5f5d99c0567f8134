/** A public data set of listening, in the form of hetrec2011-lastfm-2k: tab-separated files with a heading. */
import { DataFileError } from '../../data-files/findings.ts'
import { readTabSeparated, type TabSeparatedRow } from '../../data-files/tab-separated.ts'
import { foldText } from '../../identity/fold-text.ts'

/** Listeners and artists are numbered from 0 in the order of their ids. */
export interface DataSet {
  listenerIds: string[]
  artistIds: string[]
  listenings: Listening[]
  taggings: Tagging[]
}

export interface Listening {
  listener: number
  artist: number
  plays: number
  /** Epoch milliseconds; null where the file does not say. */
  at: number | null
  /** Of the file. */
  line: number
}

/** A listener's word for an artist. */
export interface Tagging {
  listener: number
  artist: number
  /** Folded. */
  tag: string
}

export const LISTENINGS = 'user_artists.dat'
const TAGGINGS = 'user_taggedartists.dat'
const TAGS = 'tags.dat'
/** Of an instant in milliseconds; one in seconds reaches it in the year 5138. */
const LEAST_MS = 1e11

/** @throws DataFileError names the file and the line; an error of the file system where a file can't be read */
export async function readDataSet(folder: string): Promise<DataSet> {
  const listenings = await readTabSeparated(folder, LISTENINGS, 3)
  const taggings = await readTabSeparated(folder, TAGGINGS, 3)
  const tags = await readTabSeparated(folder, TAGS, 2)
  const listenerIds = idsOf(LISTENINGS, listenings, 0)
  const artistIds = idsOf(LISTENINGS, listenings, 1)
  if (listenings.length === 0) throw new DataFileError(LISTENINGS, null, 'has no rows')
  const listenerOf = numbersOf(listenerIds)
  const artistOf = numbersOf(artistIds)
  const tagOf = new Map(tags.map(({ cells }) => [cells[0]!, foldText(cells[1]!)]))
  return {
    listenerIds,
    artistIds,
    listenings: listenings.map(row => ({
      listener: listenerOf.get(row.cells[0]!)!,
      artist: artistOf.get(row.cells[1]!)!,
      plays: wholeNumber(LISTENINGS, row, 2),
      at: instantOf(row),
      line: row.line,
    })),
    taggings: taggings.flatMap(row => {
      const tag = tagOf.get(row.cells[2]!)
      if (tag === undefined) throw new DataFileError(TAGGINGS, row, `${TAGS} has no tag ${row.cells[2]}`)
      const listener = listenerOf.get(row.cells[0]!)
      const artist = artistOf.get(row.cells[1]!)
      return listener === undefined || artist === undefined ? [] : [{ listener, artist, tag }]
    }),
  }
}

/** The ids of a column, each once, in ascending order. */
function idsOf(file: string, rows: readonly TabSeparatedRow[], column: number): string[] {
  const ids = new Set(rows.map(row => wholeNumber(file, row, column)))
  return [...ids].sort((a, b) => a - b).map(String)
}

const numbersOf = (ids: readonly string[]): Map<string, number> => new Map(ids.map((id, number) => [id, number]))

function instantOf(row: TabSeparatedRow): number | null {
  if (row.cells[3] === undefined) return null
  const instant = wholeNumber(LISTENINGS, row, 3)
  return instant < LEAST_MS ? instant * 1_000 : instant
}

function wholeNumber(file: string, row: TabSeparatedRow, column: number): number {
  const text = row.cells[column]!
  if (!/^(0|[1-9]\d{0,14})$/.test(text)) {
    throw new DataFileError(file, row, `column ${column + 1} is no whole number: ${text.slice(0, 50)}`)
  }
  return Number(text)
}
