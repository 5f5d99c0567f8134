/** Covers and profile images: drawings of a coloured square with a name on it. */
import type { Catalogue } from './catalogue.ts'

const SIZE = 300
const MAX_CHARACTERS = 24
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** The drawing at a path under `/assets`; undefined where there is none. */
export function assetAt(path: string, { artists, albums }: Catalogue): string | undefined {
  const [, folder, name] = /^\/assets\/(covers|profiles)\/([^/]+)\.svg$/.exec(path) ?? []
  if (folder === 'covers') {
    const album = albums.find(({ id }) => id === name)
    return album && drawing(album.title, album.artist)
  }
  const artist = artists.find(({ id }) => String(id) === name)
  return artist && drawing(artist.name, artist.genre)
}

function drawing(title: string, subtitle: string): string {
  const middle = SIZE / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}">
<rect width="100%" height="100%" fill="hsl(${hueOf(title + subtitle)} 45% 35%)"/>
<g fill="#fff" font-family="sans-serif" text-anchor="middle">
<text x="${middle}" y="${middle}" font-size="20">${escaped(title)}</text>
<text x="${middle}" y="${middle + 30}" font-size="14">${escaped(subtitle)}</text>
</g>
</svg>
`
}

function hueOf(text: string): number {
  let hue = 0
  for (const character of text) hue = (hue * 31 + character.codePointAt(0)!) % 360
  return hue
}

function escaped(text: string): string {
  const shown = [...text.toWellFormed()].slice(0, MAX_CHARACTERS).join('')
  // XML has no way to write control characters.
  return shown.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, character => ESCAPES[character]!)
}
