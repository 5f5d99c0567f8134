/** The tracks of an album in a model. */
import { compareIds } from '../../identity/entity-ref.ts'

/**
 * The numbers of the tracks whose keys name the album: `<albumId>_1`, `<albumId>_2`, … They are next to each other, since `ids` are in the
 * order of ids.
 */
export function tracksOfAlbum(albumId: string, ids: readonly string[]): number[] {
  const prefix = `${albumId}_`
  let first = 0
  let end = ids.length
  while (first < end) {
    const middle = (first + end) >> 1
    if (compareIds(ids[middle]!, prefix) < 0) first = middle + 1
    else end = middle
  }
  const tracks: number[] = []
  for (let item = first; ids[item]?.startsWith(prefix); item++) tracks.push(item)
  return tracks
}
