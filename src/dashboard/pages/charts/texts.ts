/** Texts of the page of charts. */
const en = {
  note: 'Up to this moment, counted anew every five minutes.',
  kind: 'What is ranked',
  mode: 'By what',
  period: 'Period',
  genre: 'Genre',
  allGenres: 'All',
  nextKind: 'Tracks, artists or albums: the next',
  otherMode: 'Top or rising',
  nextPeriod: 'The next period',
  counted: 'Counted',
  countedPlays: 'Counted plays',
  before: 'Before',
  reasons: { listener_limit: 'listener limit', anonymous_limit: 'anonymous limit' },
  noneOfGenre: (genre: string) => `No track of exactly the genre “${genre}” was played in this time.`,
  whatToDo: 'Choose a longer period, or send an event:',
}

const es: typeof en = {
  note: 'Hasta este momento; se recalculan cada cinco minutos.',
  kind: 'Qué se clasifica',
  mode: 'Según qué',
  period: 'Periodo',
  genre: 'Género',
  allGenres: 'Todos',
  nextKind: 'Canciones, artistas o álbumes: lo siguiente',
  otherMode: 'Top o en alza',
  nextPeriod: 'El siguiente periodo',
  counted: 'Contadas',
  countedPlays: 'Reproducciones contadas',
  before: 'Antes',
  reasons: { listener_limit: 'límite por oyente', anonymous_limit: 'límite de anónimas' },
  noneOfGenre: genre => `No se ha reproducido ninguna canción exactamente del género «${genre}» en este tiempo.`,
  whatToDo: 'Elige un periodo más largo o envía un evento:',
}

export const texts = { en, es }
