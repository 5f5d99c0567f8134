import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparisonOf } from './comparison.ts'
import { texts } from './texts.ts'

const share = (language: string) =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format
const inEnglish = (percent: number | null) =>
  comparisonOf(percent, { day: 'Thursday', time: '2:30 PM' }, { t: texts.en, format: share('en') })
const inSpanish = (percent: number | null, time = '14:30') =>
  comparisonOf(percent, { day: 'jueves', time }, { t: texts.es, format: share('es') })

test('a change is said in words, without a sign', () => {
  assert.equal(inEnglish(12.3), '12.3% more plays than last Thursday until 2:30 PM')
  assert.equal(inEnglish(-40), '40% fewer plays than last Thursday until 2:30 PM')
  assert.match(inSpanish(-40), /^40\s% menos reproducciones que el jueves pasado hasta las 14:30$/)
})

test('no change, and none to compare with, are no per cent', () => {
  assert.equal(inEnglish(0), 'As many as last Thursday until 2:30 PM')
  assert.equal(inEnglish(null), 'Last Thursday there were none until 2:30 PM')
  assert.equal(inSpanish(0), 'Igual que el jueves pasado hasta las 14:30')
})

test('one o’clock is singular in Spanish', () => {
  assert.match(inSpanish(0, '1:05'), /hasta la 1:05$/)
  assert.match(inSpanish(0, '11:05'), /hasta las 11:05$/)
  assert.match(inSpanish(0, '01:05'), /hasta la 01:05$/)
})
