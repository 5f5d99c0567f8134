/** Words for invented names and titles, and genres that are hard to match. */

export const GENRES = [
  'Jazz',
  'R&B',
  'Drum & Bass',
  'Rockabilly',
  'Rock',
  'Electrónica',
  'C++',
  'Hip Hop',
  'Música Clásica',
  'Lo-Fi (Live)',
  'Folk/Indie',
  'Synth.Pop',
]

const FIRST = ['Luna', 'Midnight', 'Ñandú', 'Velvet', 'Río', 'Paper', 'Äther', 'Broken', 'Neon', 'Sœur', 'Río & Mar']
const SECOND = ['Collective', 'Foxes', 'Corazón', 'Machines', 'Hérons', 'Tigers', 'Garten', 'Echoes', 'Trío', '<Void>']
const OPENINGS = ['Night', 'Última', 'Slow', 'Golden', 'Été', 'Concrete', 'Silent', 'Otra', 'Electric', 'Winter']
const ENDINGS = ['Drive', 'Canción', 'Rain', '"Dub"', 'Tides', 'Sueños', 'Parade', 'Über', 'Signals', "Don't Stop"]

/** Has no common factor with the number of names, so that no name repeats before all have come. */
const STEP = 37

const FAMOUS = 4
const FAMOUS_NAME = 'DJ Beats'
const NAMESAKE = { of: 2, is: 5 }

/** The name of the artist with this number. Names are unique, except for one pair. */
export function nameOf(id: number, seed: number): string {
  if (id === FAMOUS) return FAMOUS_NAME
  const count = FIRST.length * SECOND.length
  const ordinal = id === NAMESAKE.is ? NAMESAKE.of : id
  const index = (((ordinal * STEP + seed) % count) + count) % count
  const name = `${FIRST[index % FIRST.length]} ${SECOND[Math.floor(index / FIRST.length)]}`
  const round = Math.floor(ordinal / count)
  return round === 0 ? name : `${name} ${round + 1}`
}

/** A random title; several tracks may have the same. */
export function titleOf(random: () => number): string {
  const one = (words: readonly string[]) => words[Math.floor(random() * words.length)]
  return `${one(OPENINGS)} ${one(ENDINGS)}`
}
