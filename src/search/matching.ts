/** Whether the words of a text match those that are searched for, and the trigrams by which the index finds such texts. */

/** Shorter words match only where another one begins with them. */
const WHOLE_GRAM = 3
/** Shorter words are never taken for misspelt ones: too many others are like them. */
const SIMILAR_MIN = 4
const SIMILAR_MAX = 30
/** Words of so many letters are found by one of their halves. */
const HALVES_MIN = 6
/** So many other words find so few texts that the misspelt one need not be searched for. */
const ENOUGH_OTHERS = 3
/** With more words, none is taken for misspelt. */
const SIMILAR_WORDS = 5
/** Trigrams of one alternative in a query. */
const GRAMS = 6

/** Whether each asked word is in a word of the text, or, of one or two letters, begins one. */
export const matches = (asked: readonly string[], words: readonly string[]): boolean =>
  asked.every(each => isIn(each, words))

/** As `matches`, but one asked word is a word of the text with one letter wrong, missing or too many, or two swapped. */
export const matchesSimilar = (asked: readonly string[], words: readonly string[]): boolean =>
  asked.some(
    (each, i) =>
      mayBeMisspelt(each) && words.some(word => isOneEditAway(each, word)) && matches(asked.toSpliced(i, 1), words),
  )

/** Whether `matchesSimilar` can be true where `matches` is not. */
export const mayBeSimilar = (asked: readonly string[]): boolean =>
  asked.length <= SIMILAR_WORDS && asked.some(mayBeMisspelt)

function isIn(asked: string, words: readonly string[]): boolean {
  const isPart = lengthOf(asked) >= WHOLE_GRAM
  return words.some(word => (isPart ? word.includes(asked) : word.startsWith(asked)))
}

function mayBeMisspelt(word: string): boolean {
  const length = lengthOf(word)
  return length >= SIMILAR_MIN && length <= SIMILAR_MAX
}

/** Letters, not UTF-16 units. */
const lengthOf = (word: string): number => [...word].length

/** Whether one letter changed, added, left out, or swapped with its neighbour makes one word of the other. */
export function isOneEditAway(a: string, b: string): boolean {
  const [one, other] = [[...a], [...b]]
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  const rest = (letters: string[], from: number) => letters.slice(from).join('')
  if (start === one.length && start === other.length) return false
  const isSwapped = one[start] === other[start + 1] && one[start + 1] === other[start] && one[start] !== undefined
  return (
    rest(one, start + 1) === rest(other, start + 1) ||
    rest(one, start) === rest(other, start + 1) ||
    rest(one, start + 1) === rest(other, start) ||
    (isSwapped && rest(one, start + 2) === rest(other, start + 2))
  )
}

/** Words as the index keeps them: two blanks before each, so that the first and the first two letters are trigrams too. */
export const indexed = (words: readonly string[]): string => words.map(word => `  ${word} `).join('')

/** A query for all texts that match the words, and for some others. */
export const exactQuery = (asked: readonly string[]): string => asked.map(word => allOf(exactGrams(word))).join(' AND ')

/** A query for all texts that `matchesSimilar` takes, and for some others. */
export function similarQuery(asked: readonly string[]): string {
  const alternatives = asked.flatMap((word, i) => {
    if (!mayBeMisspelt(word)) return []
    const others = asked.toSpliced(i, 1).map(other => allOf(exactGrams(other)))
    const similar = others.length < ENOUGH_OTHERS ? [anyOf(similarGrams(word))] : []
    return [`(${[...others, ...similar].join(' AND ')})`]
  })
  return alternatives.join(' OR ')
}

/** One or two letters stand with the blanks before them. */
function exactGrams(word: string): string[] {
  const length = lengthOf(word)
  return length >= WHOLE_GRAM ? gramsOf(word) : gramsOf(`  ${word}`).slice(length - 1)
}

/**
 * Trigrams that stay where one letter is wrong, missing or too many, and those of words with two letters swapped. Of six letters
 * and more, one half is left whole, unless the two letters beside the middle are swapped. Of fewer, for each position the
 * trigrams that are not touched; there is always one.
 */
function similarGrams(word: string): string[][] {
  const letters = [...word]
  const swappedAt = (at: number) =>
    gramsOf(` ${[...letters.slice(0, at), letters[at + 1], letters[at], ...letters.slice(at + 2)].join('')} `)
  if (letters.length >= HALVES_MIN) {
    const middle = Math.floor(letters.length / 2)
    const halves = [` ${letters.slice(0, middle).join('')}`, `${letters.slice(middle).join('')} `]
    return [...halves.map(gramsOf), swappedAt(middle - 1)]
  }
  const padded = gramsOf(` ${word} `)
  const untouched = letters.map((_, at) => padded.filter((_, first) => at + 1 < first || at + 1 > first + 2))
  return [...untouched, ...letters.slice(1).map((_, at) => swappedAt(at))]
}

function gramsOf(text: string): string[] {
  const letters = [...text]
  return letters.slice(2).map((letter, i) => `${letters[i]}${letters[i + 1]}${letter}`)
}

const anyOf = (alternatives: readonly string[][]): string => `(${[...new Set(alternatives.map(allOf))].join(' OR ')})`

/** Few trigrams find nearly as few texts as all of them, and the others are looked at in any case. */
function allOf(grams: readonly string[]): string {
  const step = Math.max(1, grams.length / GRAMS)
  const some = Array.from({ length: Math.min(GRAMS, grams.length) }, (_, i) => grams[Math.floor(i * step)]!)
  return `(${some.map(gram => `"${gram.replaceAll('"', '""')}"`).join(' AND ')})`
}
