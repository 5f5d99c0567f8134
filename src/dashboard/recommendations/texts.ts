/** Texts of recommendations, wherever they are shown. */
const en = {
  score: 'Score, of 100%',
  similar: { artist: 'Similar artists', album: 'Similar albums', track: 'Similar tracks' },
  similarNote: 'By what listeners have in common, the nearest first',
  nothingSimilar:
    'Nothing similar is known yet: it takes a trained model, and some listeners who hear this and something else.',
  more: 'More',
  moreOf: (what: string) => `More: ${what}`,
}

const es: typeof en = {
  score: 'Puntuación, sobre 100 %',
  similar: { artist: 'Artistas parecidos', album: 'Álbumes parecidos', track: 'Canciones parecidas' },
  similarNote: 'Según lo que tienen en común sus oyentes, lo más parecido primero',
  nothingSimilar:
    'Aún no se conoce nada parecido: hace falta un modelo entrenado y oyentes que escuchen esto y algo más.',
  more: 'Más',
  moreOf: what => `Más: ${what}`,
}

export const texts = { en, es }
