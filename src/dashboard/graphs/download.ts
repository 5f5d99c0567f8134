/** Saves what the page itself has made as a file. */

/** In lower case, with hyphens for all but letters and numbers, cut at 80 characters. */
export const fileName = (words: readonly string[], ending: string): string => {
  const name = words.join(' ').normalize('NFC').toLowerCase()
  return `${name
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 80)
    .replaceAll(/^-|-$/g, '')}.${ending}`
}

export function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Safari reads the file after the click has ended.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
