import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { caseFold } from 'unicode-case-folding'
import { foldText } from '../identity/fold-text.ts'
import { literally, wholeGenre } from './genre-pattern.ts'

/** As the catalogue finds genres. */
const finds = (pattern: string, genre: string) => new RegExp(pattern, 'i').test(genre)

test('the pattern of a genre finds the whole genre in any spelling', () => {
  const same = [
    'Rock',
    'ROCK ',
    'C++',
    'R&B',
    'Lo-Fi (Live)',
    'Música',
    'Mu\u0301sica',
    'Рок',
    '日本語',
    'Ὀδυσσεύς',
    '[.*]',
  ]
  for (const genre of same) assert.ok(finds(wholeGenre(foldText(genre)), genre), genre)
})

test('the pattern of a genre finds letters that full case folding replaces by several', () => {
  for (const [folded, genre] of [
    ['strassenmusik', 'Straßenmusik'],
    ['first offbeat fl', 'ﬁrﬆ oﬀbeat ﬂ'],
    ['graffiti', 'Gra\ufb03ti'],
    ['παιδικά', 'ΠΑΙΔΙΚΆ'],
  ] as const) {
    for (const spelled of [genre, folded.toUpperCase()]) assert.ok(finds(wholeGenre(folded), spelled), spelled)
  }
})

test('the pattern of a genre finds every letter of Unicode that folds to several', () => {
  const letters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  const joined = letters.filter(
    letter => letter === letter.normalize('NFC') && caseFold(letter).normalize('NFC').length > 1,
  )
  assert.ok(joined.length > 80)
  for (const letter of joined) assert.ok(finds(wholeGenre(foldText(`a${letter}b`)), `a${letter}b`), letter)
})

test('the pattern of a genre finds no longer genre, and has no special characters', () => {
  for (const [genre, other] of [
    ['rock', 'Rockabilly'],
    ['rock', 'Punk Rock'],
    ['a.b', 'aXb'],
    ['c++', 'ccc'],
  ] as const) {
    assert.ok(!finds(wholeGenre(genre), other), other)
  }
})

test('the pattern of any text finds that text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      assert.ok(finds(literally(text), text))
      assert.ok(finds(wholeGenre(foldText(text)), foldText(text)))
    }),
  )
})
