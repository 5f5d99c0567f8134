/** Cuts text that people read: between the characters that a reader sees (grapheme clusters), never inside one. */

const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/**
 * The beginning of a text, in at most `max` UTF-16 code units: `cutText('a👩‍🎤', 3)` is `a`. A character is cut only where
 * it alone is longer than that; half a surrogate pair then becomes `\ufffd`.
 */
export function cutText(text: string, max: number): string {
  const end = text.length <= max ? max : CHARACTERS.segment(text).containing(max)?.index
  return text.slice(0, end || max).toWellFormed()
}

/** The beginning of a text, in at most `max` characters as a reader counts them, with `…` where some are missing. */
export function shortened(text: string, max: number): string {
  let count = 0
  for (const { index } of CHARACTERS.segment(text)) {
    if (count === max) return `${text.slice(0, index)}…`
    count++
  }
  return text
}
