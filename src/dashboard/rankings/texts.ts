/** Texts of rankings. */
const en = {
  kinds: { tracks: 'Tracks', artists: 'Artists', albums: 'Albums' },
  rising: { tracks: 'Rising tracks', artists: 'Rising artists', albums: 'Rising albums' },
  modes: { most: 'Top', rising: 'Rising' },
  periods: { day: '24 hours', week: '7 days', month: '30 days', year: '365 days' },
  last: {
    day: 'The last 24 hours, against the 24 before',
    week: 'The last 7 days, against the 7 before',
    month: 'The last 30 days, against the 30 before',
    year: 'The last 365 days, against the 365 before',
  },
  position: 'Position',
  name: { tracks: 'Track', artists: 'Artist', albums: 'Album' },
  figures: { score: 'Growth', follows: 'Follows', eligiblePlays: 'Chart-eligible plays' },
  increase: 'Increase',
  fresh: 'new',
  up: (positions: string) => `up ${positions}`,
  down: (positions: string) => `down ${positions}`,
  same: 'unchanged',
  beforeAndNow: (before: string, now: string) => `before ${before}, now ${now}`,
  all: 'All',
  allOf: (ranking: string) => `All: ${ranking}`,
  empty: {
    tracks: 'No track was played in this time.',
    artists: 'No artist won followers in this time.',
    albums: 'No album was played in this time.',
  },
  emptyRising: 'Nothing grew in this time.',
}

const es: typeof en = {
  kinds: { tracks: 'Canciones', artists: 'Artistas', albums: 'Álbumes' },
  rising: { tracks: 'Canciones en alza', artists: 'Artistas en alza', albums: 'Álbumes en alza' },
  modes: { most: 'Top', rising: 'En alza' },
  periods: { day: '24 horas', week: '7 días', month: '30 días', year: '365 días' },
  last: {
    day: 'Las últimas 24 horas, frente a las 24 anteriores',
    week: 'Los últimos 7 días, frente a los 7 anteriores',
    month: 'Los últimos 30 días, frente a los 30 anteriores',
    year: 'Los últimos 365 días, frente a los 365 anteriores',
  },
  position: 'Posición',
  name: { tracks: 'Canción', artists: 'Artista', albums: 'Álbum' },
  figures: { score: 'Crecimiento', follows: 'Seguidores nuevos', eligiblePlays: 'Reproducciones para listas' },
  increase: 'Aumento',
  fresh: 'nuevo',
  up: positions => `sube ${positions}`,
  down: positions => `baja ${positions}`,
  same: 'sin cambios',
  beforeAndNow: (before, now) => `antes ${before}, ahora ${now}`,
  all: 'Ver todo',
  allOf: ranking => `Ver todo: ${ranking}`,
  empty: {
    tracks: 'No se ha reproducido ninguna canción en este tiempo.',
    artists: 'Ningún artista ha ganado seguidores en este tiempo.',
    albums: 'No se ha reproducido ningún álbum en este tiempo.',
  },
  emptyRising: 'Nada ha crecido en este tiempo.',
}

export const texts = { en, es }
