/** How the catalogue is asked for a genre: with a regular expression, which it applies without case letter by letter. */
import { foldText } from '../events/fold-text.ts'

/** The code points among which they are, the ends included. */
const LIGATURE_BLOCKS = [
  [0x80, 0x587],
  [0x1e96, 0x1ffc],
  [0xfb00, 0xfb17],
] as const

/** The single letters that fold to several, by what they fold to: `ss` → ß ẞ, `fi` → ﬁ. */
const LIGATURES = ligatures()

/**
 * A regular expression for the albums of a genre however it is spelled; it may find others too. Where letters of the
 * folded genre can be written as one, it takes any of them: `strasse` becomes `stra[sßẞ]{1,2}e`.
 */
export function genrePattern(genre: string): string {
  const folded = foldText(genre)
  const classes = joinable(folded)
  let pattern = ''
  for (let i = 0; i < folded.length; ) {
    const letters = new Set<string>()
    const start = i
    for (; classes[i]; i++) for (const letter of [folded[i]!, ...classes[i]!]) letters.add(letter)
    pattern += i > start ? `[${[...letters].join('')}]{1,${i - start}}` : literal(folded[i++]!)
  }
  return pattern
}

/** For each place of a folded text, the ligatures that it may be a part of; undefined where there are none. */
function joinable(folded: string): (string[] | undefined)[] {
  const classes: (string[] | undefined)[] = []
  for (const [letters, joined] of LIGATURES) {
    for (let at = folded.indexOf(letters); at >= 0; at = folded.indexOf(letters, at + 1)) {
      for (let i = at; i < at + letters.length; i++) classes[i] = [...(classes[i] ?? []), ...joined]
    }
  }
  return classes
}

function ligatures(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [first, last] of LIGATURE_BLOCKS) {
    for (let code = first; code <= last; code++) {
      const letter = String.fromCharCode(code)
      const folded = foldText(letter)
      if (folded.length > 1) found.set(folded, [...(found.get(folded) ?? []), letter])
    }
  }
  return found
}

function literal(unit: string): string {
  return unit.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`)
}
