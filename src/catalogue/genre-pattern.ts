/** Regular expressions for the catalogue's `genre` parameter, which it finds anywhere in an album's genre, in any case. */
import { foldText } from '../identity/fold-text.ts'

/** Ranges (both ends included) of the code points that full case folding replaces by several. */
const JOINED_BLOCKS = [
  [0x80, 0x587],
  [0x1e96, 0x1ffc],
  [0xfb00, 0xfb17],
] as const

/** The letters that fold to several, by what they fold to: `ss` → ß ẞ, `fi` → ﬁ. */
const JOINED = joinedLetters()

/**
 * An expression that matches the whole of every genre that folds to `folded`, and few others: `rock` gives
 * `^\s*rock\s*$`, so that albums of Rockabilly don't fill the list; `strasse` gives `^\s*stra[sßẞ]{1,2}e\s*$`, and `é`
 * matches composed and decomposed.
 */
export function wholeGenre(folded: string): string {
  const classes = joinable(folded)
  let pattern = ''
  for (let i = 0; i < folded.length; ) {
    const letters = new Set<string>()
    const start = i
    for (; classes[i]; i++) for (const letter of [folded[i]!, ...classes[i]!]) letters.add(letter)
    pattern += i > start ? `[${[...letters].join('')}]{1,${i - start}}` : alternatives(folded[i++]!)
  }
  return `^\\s*${pattern}\\s*$`
}

/** An expression that matches exactly this text, anywhere. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

/** For each index of a folded text, the joined letters that it may be a part of; undefined where there are none. */
function joinable(folded: string): (string[] | undefined)[] {
  const classes: (string[] | undefined)[] = []
  for (const [letters, joined] of JOINED) {
    for (let at = folded.indexOf(letters); at >= 0; at = folded.indexOf(letters, at + 1)) {
      for (let i = at; i < at + letters.length; i++) classes[i] = [...(classes[i] ?? []), ...joined]
    }
  }
  return classes
}

function joinedLetters(): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [first, last] of JOINED_BLOCKS) {
    for (let code = first; code <= last; code++) {
      const letter = String.fromCharCode(code)
      const folded = foldText(letter)
      if (folded.length > 1) found.set(folded, [...(found.get(folded) ?? []), letter])
    }
  }
  return found
}

function alternatives(unit: string): string {
  const decomposed = unit.normalize('NFD')
  return decomposed === unit ? literally(unit) : `(?:${unit}|${decomposed})`
}
