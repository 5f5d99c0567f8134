/** Texts of the releases. */
const en = {
  title: 'Releases compared',
  note: 'Plays since the day of each release, laid over each other',
  days: 'Days since the release',
  dayCounts: { '28': '28 days', '90': '90 days', '365': 'a year' },
  plays: 'Plays since the release',
  none: 'No release has a day and plays since then.',
  table: 'First days of each release',
  release: 'Release',
  date: 'Date',
  dateName: 'Release date',
  byFirstPlay: 'day of the first play',
  firstDays: { 1: 'First day', 7: 'First 7 days', 28: 'First 28 days' } as Record<number, string>,
  soFar: 'so far',
  all: 'All time',
  more: 'Show more releases',
  empty: 'The catalogue names no release of this artist, and no album was played.',
}

const es: typeof en = {
  title: 'Comparación de lanzamientos',
  note: 'Reproducciones desde el día de cada publicación, superpuestas',
  days: 'Días desde la publicación',
  dayCounts: { '28': '28 días', '90': '90 días', '365': 'un año' },
  plays: 'Reproducciones desde la publicación',
  none: 'Ningún lanzamiento tiene fecha y reproducciones desde entonces.',
  table: 'Primeros días de cada lanzamiento',
  release: 'Lanzamiento',
  date: 'Fecha',
  dateName: 'Fecha de publicación',
  byFirstPlay: 'día de la primera escucha',
  firstDays: { 1: 'Primer día', 7: 'Primeros 7 días', 28: 'Primeros 28 días' },
  soFar: 'de momento',
  all: 'En total',
  more: 'Mostrar más lanzamientos',
  empty: 'El catálogo no nombra ningún lanzamiento de este artista y no ha sonado ningún álbum.',
}

export const texts = { en, es }
