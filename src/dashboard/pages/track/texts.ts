/** Texts of the page of a track. */
const en = {
  plays: 'Plays',
  otherTracks: 'Beside other tracks',
  otherTracksNote: 'Plays of this track and of the artist’s most played others',
  noOtherTracks: 'No other track of this artist was played in this range.',
}

const es: typeof en = {
  plays: 'Reproducciones',
  otherTracks: 'Comparada con otras canciones',
  otherTracksNote: 'Reproducciones de esta canción y de las más reproducidas del artista',
  noOtherTracks: 'No se ha reproducido ninguna otra canción de este artista en este periodo.',
}

export const texts = { en, es }
