/** Texts as they are searched: words of letters and digits, without accents and case. */
import { foldText } from '../identity/fold-text.ts'

/** Letters that Unicode does not take apart into a letter and an accent. */
const BASE_LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
}

/**
 * The words of a text: `Beyoncé & DJ Ñandú` has `beyonce`, `dj` and `nandu`. A text without letters and digits, such as
 * `!!!`, is one word.
 */
export function wordsOf(text: string): string[] {
  const bare = foldText(text)
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[øłđħŧıæœ]/g, letter => BASE_LETTERS[letter]!)
  const folded = foldText(bare)
  const words = folded.match(/[\p{L}\p{N}]+/gu)
  if (words) return words
  const others = folded.replaceAll(/[\s\p{C}]+/gu, '')
  return others === '' ? [] : [others]
}
