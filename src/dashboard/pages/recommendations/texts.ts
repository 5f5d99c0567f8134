/** Texts of the page of recommendations. */
const en = {
  note: 'What the service suggests to a listener, and why.',
  forListener: 'For a listener',
  forListenerNote:
    'Nothing that they have already, best first. Scores order this list, and are not comparable with another.',
  listener: 'Listener (userId of the events)',
  show: 'Show',
  chooseListener: 'Write the id of a listener. If there is none yet, send a play of one:',
  nothingToRecommend:
    'There is nothing to recommend yet: nothing is popular, or this listener has all of it. Send a play:',
  onlyPopular:
    'All of these are only popular: no genre that this listener likes is known. A play of theirs changes that:',
  popular: 'Popular',
  ofGenre: 'Of the genre',
  similarTo: 'Similar to',
  because: 'because of',
  score: 'Score, of 100%',
  similar: 'Similar albums',
  similarNote: 'Of one genre, the most played first. The score is the share of the plays of the first.',
  genre: 'Genre',
  excludeId: 'Without the album (id)',
  chooseGenre: 'Write a genre, or choose that of a recommendation.',
  noAlbum: (genre: string) => `The catalogue has no album of exactly the genre “${genre}”.`,
}

const es: typeof en = {
  note: 'Qué propone el servicio a un oyente y por qué.',
  forListener: 'Para un oyente',
  forListenerNote:
    'Nada que ya tenga, lo mejor primero. Las puntuaciones ordenan esta lista y no se comparan con otra.',
  listener: 'Oyente (userId de los eventos)',
  show: 'Mostrar',
  chooseListener: 'Escribe el identificador de un oyente. Si aún no hay ninguno, envía una reproducción suya:',
  nothingToRecommend:
    'Aún no hay nada que recomendar: nada es popular o este oyente ya lo tiene todo. Envía una reproducción:',
  onlyPopular:
    'Todo esto es simplemente popular: no se conoce ningún género que le guste a este oyente. Una reproducción suya lo cambia:',
  popular: 'Popular',
  ofGenre: 'Del género',
  similarTo: 'Parecido a',
  because: 'por',
  score: 'Puntuación, sobre 100 %',
  similar: 'Álbumes parecidos',
  similarNote:
    'De un género, los más escuchados primero. La puntuación es la proporción de reproducciones respecto al primero.',
  genre: 'Género',
  excludeId: 'Sin el álbum (id)',
  chooseGenre: 'Escribe un género o elige el de una recomendación.',
  noAlbum: genre => `El catálogo no tiene ningún álbum exactamente del género «${genre}».`,
}

export const texts = { en, es }
