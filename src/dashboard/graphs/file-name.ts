/** Names of files that the page makes. */

/** In lower case, with hyphens for all but letters and numbers, cut at 80 characters. */
export const fileName = (words: readonly string[], ending: string): string => {
  const name = words.join(' ').normalize('NFC').toLowerCase()
  return `${name
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 80)
    .replaceAll(/^-|-$/g, '')}.${ending}`
}
