/** Ids and their order. */

/**
 * Orders ids: numbers first, as numbers, then the others by code points. Negative where `a` comes first. The macro
 * `id_order` of the figures does the same.
 */
export function compareIds(a: string, b: string): number {
  const isNumber = /^[0-9]+$/.test(a)
  if (isNumber !== /^[0-9]+$/.test(b)) return isNumber ? -1 : 1
  if (isNumber) {
    const difference = BigInt(a) - BigInt(b)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** A track's id inside its album, as the catalogue has it: `1` of the key `<albumId>_1`. */
export const idInAlbum = (trackKey: string, albumId: string): string =>
  trackKey.startsWith(`${albumId}_`) ? trackKey.slice(albumId.length + 1) : trackKey

/** The id of an entity: what follows its kind, `4` of `artist:4`. */
export const idOf = (entity: string): string => entity.slice(entity.indexOf(':') + 1)
