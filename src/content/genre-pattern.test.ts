/** What the catalogue is asked for, as it applies it: without case, letter by letter. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { caseFold } from 'unicode-case-folding'
import { genrePattern } from './genre-pattern.ts'

const finds = (genre: string, spelled: string) => new RegExp(genrePattern(genre), 'i').test(spelled)

it('a genre is found however it is spelled, by whichever spelling it is asked for', () => {
  const spellings = [
    ['Straßenmusik', 'STRASSENMUSIK', 'Strassenmusik', 'STRAẞENMUSIK'],
    ['Lo-Fi', 'LO-FI', 'lo-ﬁ'],
    ['Παιδικά', 'ΠΑΙΔΙΚΆ', 'πᾳδικά'],
    ['C++ (live)', 'c++ (LIVE)'],
  ]
  for (const genre of spellings) {
    for (const asked of genre) for (const spelled of genre) assert.ok(finds(asked, spelled), `${asked}: ${spelled}`)
  }
  assert.equal(genrePattern(' Rock '), 'rock')
  assert.ok(!finds('Straße', 'Strafe'))
})

it('every letter that folds to several is found by them', () => {
  const letters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  const joined = letters.filter(
    letter => letter === letter.normalize('NFC') && caseFold(letter).normalize('NFC').length > 1,
  )
  assert.ok(joined.length > 80)
  for (const letter of joined) assert.ok(finds(`a${caseFold(letter)}b`, `a${letter}b`), letter)
})
