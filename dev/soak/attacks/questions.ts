/** Questions that cost much, or are put in odd ways. The name of each function is its attack's. */
import type { Attack } from '../attacker.ts'
import { oneOf } from '../run.ts'

const get = (path: string) => ({ method: 'GET', path })

/** Genres that nobody has heard of, each of which the catalogue might have to be asked for. */
export const randomGenres: Attack = async attacker => {
  for (let i = 0; i < 100; i++) {
    const genre = encodeURIComponent(
      oneOf([attacker.random.uuid(), '.*(a+)+$', '\u{1F3B8}', '[', '%'], attacker.random),
    )
    await attacker.send(get(`/api/recommendations/similar?genre=${genre}`), 200, 502, 504)
    await attacker.send(get(`/api/stats/trending?genre=${genre}`), 200)
  }
}

/** Listeners that nobody has heard of, whose answers would push others out of a cache. */
export const randomListeners: Attack = async attacker => {
  for (let i = 0; i < 200; i++) await attacker.send(get(`/api/recommendations/user/${attacker.random.uuid()}`), 200)
}

const NO_LIMITS = ['1e1', '0x10', '%2010', '10%20', '-1', '0', '', 'NaN', '١٠', '1&limit=2', '9'.repeat(400)]

/** Numbers that are none to a person. */
export const oddLimits: Attack = async attacker => {
  const paths = ['/api/stats/trending', '/api/recommendations/user/u1', '/api/stats/unattributed']
  for (const limit of NO_LIMITS) {
    // A number of many digits is a number: it means the most there can be.
    const expected = /^9+$/.test(limit) ? [200, 400] : [400]
    for (const path of paths) await attacker.send(get(`${path}?limit=${encodeURI(decodeURI(limit))}`), ...expected)
  }
}

/** Ranges and paths that are much to work out, or to read. */
export const oddRanges: Attack = async attacker => {
  const artist = '/api/stats/artist/of-attacks/kpis'
  const ranges = [
    'interval=hour&startDate=0001-01-01&endDate=9999-12-31',
    'startDate=2026-12-31&endDate=2026-01-01',
    `tz=${'x'.repeat(5_000)}`,
    'startDate=2026-02-30',
    'STARTDATE=2026-01-01',
  ]
  for (const range of ranges) await attacker.send(get(`${artist}?${range}`), 400)
  await attacker.send(get(`${artist}?interval=day&startDate=2000-01-01&endDate=2026-12-31&compare=previous`), 200)
  await attacker.send(get(`/api/stats/artist/${'%2e%2e%2f'.repeat(50)}/kpis`), 200, 400, 404)
  await attacker.send(get(`/api/stats/artist/${'x'.repeat(5_000)}/kpis`), 200, 400, 404, 414)
}
