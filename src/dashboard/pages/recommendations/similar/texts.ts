/** Texts of what is similar to something. */
const en = {
  similar: 'Similar',
  note: 'By what listeners have in common, the nearest first; the score is how near, of 100%.',
  genreNote: 'Albums of one genre, the most played first. The score is the share of the plays of the first.',
  chooseItem: 'Choose an artist, an album or a track',
  similarTo: 'Similar to',
  genre: 'Or albums of the genre',
  excludeId: 'Without the album (id)',
  show: 'Show',
  choose: 'Choose what others are to be similar to, or write a genre.',
  ofGenre: (genre: string) => `Albums of the genre ${genre}`,
  noAlbum: (genre: string) => `The catalogue has no album of exactly the genre “${genre}”.`,
}

const es: typeof en = {
  similar: 'Parecidos',
  note: 'Según lo que tienen en común sus oyentes, lo más parecido primero; la puntuación dice cuánto, sobre 100 %.',
  genreNote:
    'Álbumes de un género, los más escuchados primero. La puntuación es la proporción de reproducciones respecto al primero.',
  chooseItem: 'Elegir un artista, un álbum o una canción',
  similarTo: 'Parecido a',
  genre: 'O álbumes del género',
  excludeId: 'Sin el álbum (id)',
  show: 'Mostrar',
  choose: 'Elige a qué se tienen que parecer o escribe un género.',
  ofGenre: genre => `Álbumes del género ${genre}`,
  noAlbum: genre => `El catálogo no tiene ningún álbum exactamente del género «${genre}».`,
}

export const texts = { en, es }
