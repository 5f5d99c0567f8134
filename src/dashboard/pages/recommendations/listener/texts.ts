/** Texts of what a listener is recommended. */
import type { DIVERSITIES, TYPES } from './list-view.ts'

const en = {
  forListener: 'For a listener',
  forListenerNote:
    'Nothing that they have already, best first. Scores order this list, and are not comparable with another.',
  listener: 'Listener (userId of the events)',
  show: 'Show',
  type: 'Of what',
  types: { all: 'Mixed', artist: 'Artists', album: 'Albums', track: 'Tracks' } satisfies Record<
    (typeof TYPES)[number],
    string
  >,
  nextType: 'The next kind',
  diversity: 'How varied',
  diversities: { '0': 'Best first', '0.3': 'Varied', '0.7': 'Very varied' } satisfies Record<
    (typeof DIVERSITIES)[number],
    string
  >,
  nextDiversity: 'The next variety',
  rows: 'Rows',
  withExploration: 'Explore the less known',
  explorationName: 'exploring',
  otherExploration: 'Explore the less known, or not',
  explore: 'Explore',
  chooseListener: 'Write the id of a listener. If there is none yet, send a play of one:',
  nothingToRecommend:
    'There is nothing to recommend yet: nothing is popular, or this listener has all of it. Send a play:',
  noModel:
    'No model has been trained yet, so this goes by the genres of the listener and by what most people play. What is missing stands under “The model”.',
  onlyPopular:
    'All of these are only popular: nothing is known that this listener likes and others too. A play of theirs changes that:',
  popular: 'Popular',
  ofGenre: 'Of the genre',
  similarTo: 'Similar to',
  why: 'Why',
  whyOf: (item: string) => `Why ${item} is recommended`,
  ownItem: 'Of the listener’s own',
  adds: 'Adds',
  addsName: 'what each item adds to the score',
  others: (count: number) => (count === 1 ? '1 other' : `${count} others`),
  against: (count: number) => (count === 1 ? '1 lowers the score' : `${count} lower the score`),
  sum: 'Score',
}

const es: typeof en = {
  forListener: 'Para un oyente',
  forListenerNote:
    'Nada que ya tenga, lo mejor primero. Las puntuaciones ordenan esta lista y no se comparan con otra.',
  listener: 'Oyente (userId de los eventos)',
  show: 'Mostrar',
  type: 'De qué',
  types: { all: 'Mezcla', artist: 'Artistas', album: 'Álbumes', track: 'Canciones' },
  nextType: 'El tipo siguiente',
  diversity: 'Variedad',
  diversities: { '0': 'Lo mejor primero', '0.3': 'Variado', '0.7': 'Muy variado' },
  nextDiversity: 'La variedad siguiente',
  rows: 'Filas',
  withExploration: 'Explorar lo menos conocido',
  explorationName: 'explorar',
  otherExploration: 'Explorar lo menos conocido o no',
  explore: 'Explorar',
  chooseListener: 'Escribe el identificador de un oyente. Si aún no hay ninguno, envía una reproducción suya:',
  nothingToRecommend:
    'Aún no hay nada que recomendar: nada es popular o este oyente ya lo tiene todo. Envía una reproducción:',
  noModel:
    'Aún no se ha entrenado ningún modelo, así que se recomienda según los géneros del oyente y lo más escuchado. Lo que falta está en «El modelo».',
  onlyPopular:
    'Todo esto es simplemente popular: no se conoce nada que le guste a este oyente y también a otros. Una reproducción suya lo cambia:',
  popular: 'Popular',
  ofGenre: 'Del género',
  similarTo: 'Parecido a',
  why: 'Por qué',
  whyOf: item => `Por qué se recomienda ${item}`,
  ownItem: 'Del propio oyente',
  adds: 'Aporta',
  addsName: 'lo que aporta cada cosa a la puntuación',
  others: count => (count === 1 ? '1 más' : `${count} más`),
  against: count => (count === 1 ? '1 baja la puntuación' : `${count} bajan la puntuación`),
  sum: 'Puntuación',
}

export const texts = { en, es }
