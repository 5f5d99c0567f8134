/** Folding, measured with the Unicode data itself, as a package has it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { caseFold } from 'unicode-case-folding'
import { foldText } from './fold-text.ts'

/** Every character of the two planes that have letters with case; no halves of surrogate pairs. */
function* characters(): Generator<string> {
  for (let code = 0; code <= 0x1ffff; code++) if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code)
}

/** Letters whose case is odd, and marks that compose, decompose and change places with them. */
const oddTexts = fc
  .array(
    fc.constantFrom(
      ...'aAsSfFiIıİßẞſςσΣµμΜKkÅÅéEŉʼnNǰJjαΑᾳᾼᾴιΙΐΰﬁﬃﬆև'.normalize('NFC'),
      ...['\u0300', '\u0301', '\u0307', '\u0308', '\u030c', '\u0323', '\u0342', '\u0345', 'ᏸ', 'ꭰ', 'Ꭰ', '𐐀', '𐐨', ' '],
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.join(''))

test('foldText makes one text of spellings that differ in blanks around them, normal form or case', () => {
  assert.equal(foldText(' Beyonce\u0301 '), foldText('BEYONCÉ'))
  for (const [a, b] of [
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['Πάνος', 'πάνοσ'],
    ['ΠΆΝΟΣ', 'πάνος'],
    ['\u00b5Tune', '\u03bctune'],
    ['\u00b5Tune', '\u039cTUNE'],
    ['ﬁre', 'FIRE'],
    ['ﬃ', 'FFI'],
    ['\u212b', 'å'],
    ['\u212a', 'k'],
    ['ſ', 'S'],
    ['ŉ', 'ʼN'],
    ['ΐ', 'Ϊ́'],
    ['ᾳ', 'ΑΙ'],
    ['İ', 'i\u0307'],
    ['ꭰ', 'Ꭰ'],
    ['և', 'ԵՒ'],
  ] as const) {
    assert.equal(foldText(a), foldText(b), `${a} and ${b}`)
  }
})

test('foldText keeps different letters apart: the dotless ı is no i, and an accent counts', () => {
  assert.notEqual(foldText('ısı'), foldText('isi'))
  assert.notEqual(foldText('İ'), foldText('i'))
  assert.notEqual(foldText('é'), foldText('e'))
  assert.notEqual(foldText('ss'), foldText('s'))
})

test('foldText folds two characters to one exactly where Unicode folds their case to one', () => {
  const byUnicode = new Map<string, string>()
  const byUs = new Map<string, string>()
  const wrong: string[] = []
  for (const character of characters()) {
    const expected = caseFold(character.trim().normalize('NFC')).normalize('NFC')
    const folded = foldText(character)
    if ((byUnicode.get(expected) ?? folded) !== folded || (byUs.get(folded) ?? expected) !== expected) {
      wrong.push(character)
    }
    byUnicode.set(expected, folded)
    byUs.set(folded, expected)
  }
  assert.deepEqual(wrong, [])
})

test('foldText folds two texts to one exactly where Unicode does, in whatever case or normal form they are written', () => {
  const byUnicode = (text: string) => caseFold(text.trim().normalize('NFC')).normalize('NFC')
  fc.assert(
    fc.property(oddTexts, oddTexts, (a, b) => {
      assert.equal(foldText(caseFold(a.normalize('NFC'))), foldText(a))
      assert.equal(foldText(a.normalize('NFD')), foldText(a))
      assert.equal(foldText(a) === foldText(b), byUnicode(a) === byUnicode(b))
    }),
    { numRuns: 5_000 },
  )
})

test('foldText changes nothing of a folded text', () => {
  assert.deepEqual(
    [...characters()].filter(character => foldText(foldText(character)) !== foldText(character)),
    [],
  )
  fc.assert(
    fc.property(fc.oneof(oddTexts, fc.string({ unit: 'grapheme' })), text => {
      const folded = foldText(text)
      assert.equal(foldText(folded), folded)
      assert.equal(folded.normalize('NFC'), folded)
    }),
    { numRuns: 5_000 },
  )
})
