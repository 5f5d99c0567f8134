import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { currencyDecimals } from '../currencies.ts'
import { minorUnits, normalisePrice, splitMinorUnits } from './money.ts'

const price = (value: number | string, currency = 'EUR') => {
  const result = normalisePrice(value, currency)
  return result.ok ? result.price : result.fault
}

test('gives each currency the decimals of ISO 4217', () => {
  const expected = { EUR: 2, USD: 2, JPY: 0, KWD: 3, CLF: 4, HUF: 2, COP: 2, IDR: 2, IQD: 3, ISK: 0, VED: 2, XOF: 0 }
  for (const [code, decimals] of Object.entries(expected)) assert.equal(currencyDecimals(code), decimals, code)
  // Amendments 176 to 179: the guilder of Curaçao, the gold of Zimbabwe, the accounting dinar.
  for (const code of ['XCG', 'ZWG', 'XAD']) assert.equal(currencyDecimals(code), 2, code)
  for (const code of ['XXX', 'XTS', 'DEM', 'BTC', 'eur', '', 'EURO', '__proto__']) {
    assert.equal(currencyDecimals(code), undefined, code)
  }
})

/** What events could always name, by its decimals: taking a code away loses events, other decimals change stored sums. */
const STORED: Record<number, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG XDR XSU YER ZAR ZMW
    ZWG ZWL`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
}

test('knows the currencies of stored events, with the unit that they had', () => {
  const stored = Object.entries(STORED).flatMap(([decimals, codes]) =>
    codes.split(/\s+/).map(code => [code, +decimals]),
  )
  assert.equal(stored.length, 172)
  assert.deepEqual(
    stored.map(([code]) => [code, currencyDecimals(String(code))]),
    stored,
  )
})

test('normalises prices', () => {
  const cases: [number | string, string, string?][] = [
    [9.99, '9.99'],
    ['9.99', '9.99'],
    ['9.90', '9.9'],
    ['10.00', '10'],
    ['007', '7'],
    [0, '0'],
    [-0, '0'],
    ['-0.00', '0'],
    [14.270000000000001, '14.27'],
    [0.1 + 0.2 - 0.3, '0'],
    [0.3 - 0.1 - 0.2, '0'],
    [9.9900001, '9.99'],
    ['0.125', '0.125', 'KWD'],
    [500, '500', 'JPY'],
    [1e9, '1000000000'],
    ['1000000000.00', '1000000000'],
  ]
  for (const [value, expected, currency] of cases) assert.equal(price(value, currency), expected, String(value))
})

test('refuses prices that break a rule', () => {
  const cases: [number | string, string, string?][] = [
    ['', 'price_invalid'],
    ['9,99', 'price_invalid'],
    [' 9.99', 'price_invalid'],
    ['1e2', 'price_invalid'],
    ['.5', 'price_invalid'],
    [Number.NaN, 'price_invalid'],
    [Number.POSITIVE_INFINITY, 'price_invalid'],
    [-1, 'price_negative'],
    ['-0.01', 'price_negative'],
    [9.999, 'price_too_precise'],
    [9.990002, 'price_too_precise'],
    ['14.270000000000001', 'price_too_precise'],
    [0.5, 'price_too_precise', 'JPY'],
    [1e10 + 0.01, 'price_too_large'],
    [1e300, 'price_too_large'],
    ['10000000000.01', 'price_too_large'],
    ['9'.repeat(500), 'price_too_large'],
  ]
  for (const [value, expected, currency] of cases) assert.equal(price(value, currency), expected, String(value))
})

const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF')

test('gives one price for a number, its string with or without zeros, and its minor units', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), currency, (minor, code) => {
      const decimals = currencyDecimals(code) ?? 0
      const written = (minor / 10 ** decimals).toFixed(decimals)
      const normal = price(written, code)
      assert.equal(price(Number(written), code), normal)
      assert.equal(price(normal, code), normal)
      assert.equal(minorUnits(normal, code), minor)
    }),
  )
})

test('ignores what sums of floating-point numbers add to a price', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 50 }), cents => {
      const sum = cents.reduce((total, cent) => total + cent / 100, 0)
      const exact = cents.reduce((total, cent) => total + cent, 0)
      assert.equal(minorUnits(price(sum), 'EUR'), exact)
    }),
  )
})

test('splits an amount without loss, the remainder among the first shares', () => {
  assert.deepEqual(splitMinorUnits(1000, 3), [334, 333, 333])
  assert.deepEqual(splitMinorUnits(2, 3), [1, 1, 0])
  assert.deepEqual(splitMinorUnits(0, 2), [0, 0])
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e15 }), fc.integer({ min: 1, max: 100 }), (total, parts) => {
      const shares = splitMinorUnits(total, parts)
      assert.equal(shares.length, parts)
      assert.equal(
        shares.reduce((sum, share) => sum + share, 0),
        total,
      )
      assert.ok((shares[0] ?? 0) - (shares.at(-1) ?? 0) <= 1)
    }),
  )
})
