/** Reading the listening data set: tab-separated files with a heading, as hetrec2011-lastfm-2k has them. */
import { readTabSeparated } from '../../src/data-files/tab-separated.ts'

export interface Listening {
  user: string
  artist: string
  plays: number
}

export interface Tagging {
  user: string
  artist: string
  tag: string
  /** Midnight UTC of its day. */
  day: number
}

export interface DataSet {
  /** id → name */
  artists: Map<string, string>
  /** id → what the tag says */
  tags: Map<string, string>
  listenings: Listening[]
  taggings: Tagging[]
}

/** Reads the files of a folder. @throws Error where one is missing or a line is not of its form */
export async function readDataSet(folder: string): Promise<DataSet> {
  const [artists, tags, listenings, taggings] = await Promise.all([
    readRows(folder, 'artists.dat', 2),
    readRows(folder, 'tags.dat', 2),
    readRows(folder, 'user_artists.dat', 3),
    readRows(folder, 'user_taggedartists.dat', 6),
  ])
  return {
    artists: new Map(artists.map(([id, name]) => [id!, name!])),
    tags: new Map(tags.map(([id, value]) => [id!, value!])),
    listenings: listenings.map(([user, artist, plays]) => ({ user: user!, artist: artist!, plays: Number(plays) })),
    taggings: taggings.map(([user, artist, tag, day, month, year]) => ({
      user: user!,
      artist: artist!,
      tag: tag!,
      day: Date.UTC(Number(year), Number(month) - 1, Number(day)),
    })),
  }
}

async function readRows(folder: string, file: string, columns: number): Promise<string[][]> {
  return (await readTabSeparated(folder, file, columns)).map(({ cells }) => cells)
}
