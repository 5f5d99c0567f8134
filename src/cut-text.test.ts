import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cutText, shortened } from './cut-text.ts'

const FLAG = '🏴󠁧󠁢󠁷󠁬󠁳󠁿'
const SINGER = '👩‍🎤'
const ACCENTED = 'e\u0301'
const LETTERS = fc.array(fc.constantFrom('a', FLAG, SINGER, ACCENTED, '🇪🇸', 'نا', 'क्षि', ' '), { maxLength: 30 })

const charactersOf = (text: string) =>
  Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), ({ segment }) => segment)

test('cuts between characters as readers see them, as late as possible', () => {
  assert.equal(cutText(`a${SINGER}b`, SINGER.length), 'a')
  assert.equal(cutText(`a${SINGER}b`, SINGER.length + 1), `a${SINGER}`)
  fc.assert(
    fc.property(LETTERS, fc.integer({ min: FLAG.length, max: 60 }), (letters, max) => {
      const text = letters.join('')
      const cut = cutText(text, max)
      const [whole, kept] = [charactersOf(text), charactersOf(cut)]
      assert.deepEqual(kept, whole.slice(0, kept.length))
      assert.ok(cut.length <= max)
      assert.ok(cut === text || cut.length + whole[kept.length]!.length > max)
    }),
  )
})

test('keeps a part of a single character that is longer than the limit, without half a surrogate pair', () => {
  assert.equal(cutText(`a${'\u0301'.repeat(100)}`, 10), `a${'\u0301'.repeat(9)}`)
  assert.ok(cutText(FLAG, 5).isWellFormed())
})

test('shortening counts characters as readers do, and marks that something is missing', () => {
  assert.equal(shortened(FLAG.repeat(3), 3), FLAG.repeat(3))
  assert.equal(shortened(FLAG.repeat(4), 3), `${FLAG.repeat(3)}…`)
  assert.equal(shortened('', 3), '')
  fc.assert(
    fc.property(LETTERS, fc.integer({ min: 1, max: 40 }), (letters, max) => {
      const text = letters.join('')
      const whole = charactersOf(text)
      assert.equal(shortened(text, max), whole.length > max ? `${whole.slice(0, max).join('')}…` : text)
    }),
  )
})
