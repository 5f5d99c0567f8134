import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { foldText } from '../events/credits.ts'
import { literally, wholeGenre } from './genre-pattern.ts'

/** As the catalogue finds genres. */
const finds = (pattern: string, genre: string) => new RegExp(pattern, 'i').test(genre)

describe('what a genre is asked for with', () => {
  it('finds the genre as a whole, however it is spelled', () => {
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

  it('finds what full case folding writes apart', () => {
    for (const [folded, genre] of [
      ['strassenmusik', 'Straßenmusik'],
      ['first offbeat fl', 'ﬁrﬆ oﬀbeat ﬂ'],
      ['graffiti', 'Gra\ufb03ti'],
    ] as const) {
      for (const spelled of [genre, folded.toUpperCase()]) assert.ok(finds(wholeGenre(folded), spelled), spelled)
    }
  })

  it('finds no genre that holds it, and nothing that it would mean as an expression', () => {
    for (const [genre, other] of [
      ['rock', 'Rockabilly'],
      ['rock', 'Punk Rock'],
      ['a.b', 'aXb'],
      ['c++', 'ccc'],
    ] as const) {
      assert.ok(!finds(wholeGenre(genre), other), other)
    }
  })

  it('is an expression that finds its own text, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        assert.ok(finds(literally(text), text))
        assert.ok(finds(wholeGenre(foldText(text)), foldText(text)))
      }),
    )
  })
})
