import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactQuery, isOneEditAway, matches, matchesSimilar, similarQuery } from './matching.ts'
import { wordsOf } from './words.ts'

test('words have neither accents nor case', () => {
  assert.deepEqual(wordsOf('Beyoncé & DJ ÑANDÚ'), ['beyonce', 'dj', 'nandu'])
  assert.deepEqual(wordsOf(' Σίσυφος'), wordsOf('ΣΙΣΥΦΟΣ'))
  assert.deepEqual(wordsOf('Straße Ørsted Łódź ISI ısı Æon'), ['strasse', 'orsted', 'lodz', 'isi', 'isi', 'aeon'])
  assert.deepEqual(wordsOf('e\u0301te\u0301'), ['ete'])
  assert.deepEqual(wordsOf('夜に駆ける 한국'), ['夜に駆ける', '한국'])
})

test('signs part words, and a text of nothing else is one word', () => {
  assert.deepEqual(wordsOf('AC/DC don’t R&B (live)'), ['ac', 'dc', 'don', 't', 'r', 'b', 'live'])
  assert.deepEqual(wordsOf('! ! !'), ['!!!'])
  assert.deepEqual([wordsOf(' \u0000\t'), wordsOf('')], [[], []])
})

test('a word of three letters and more is found in the middle of words, a shorter one where they begin', () => {
  const words = wordsOf('The Night Drive')
  for (const q of ['night', 'igh', 'ht', 'dr n', 'drive the', 'd']) {
    assert.equal(matches(wordsOf(q), words), q !== 'ht', q)
  }
})

test('one letter may be wrong, missing, too many or swapped with its neighbour, and not two', () => {
  for (const other of ['nighz', 'nght', 'niight', 'nigth', 'xnight', 'nightx', 'ight', 'nigh']) {
    assert.equal(isOneEditAway(other, 'night'), true, other)
    assert.equal(isOneEditAway('night', other), true, other)
  }
  for (const other of ['night', 'nihgz', 'nitgh', 'nxgxt', 'nig', 'nighxx', '']) {
    assert.equal(isOneEditAway(other, 'night'), false, other)
  }
})

test('one word of a search may be misspelt, if it has four letters and more', () => {
  const words = wordsOf('The Night Drive')
  assert.equal(matchesSimilar(['nigth', 'drive'], words), true)
  assert.equal(matchesSimilar(['nigth', 'dirve'], words), false)
  assert.equal(matchesSimilar(['teh'], words), false)
})

test('queries quote what they search for', () => {
  assert.equal(exactQuery(wordsOf('"')), '("  """)')
  assert.equal(exactQuery(['night', 'a']), '("nig" AND "igh" AND "ght") AND ("  a")')
  assert.match(similarQuery(['night']), /"ngi"/)
})
