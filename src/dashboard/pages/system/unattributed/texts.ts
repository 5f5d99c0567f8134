/** Texts of what is attributed to no artist. */
const en = {
  unattributed: 'Attributed to no artist',
  note: 'Events that count for the platform, and for no artist.',
  empty: 'Every event is attributed to an artist.',
  subject: 'What the events name',
  counts: { plays: 'Plays', likes: 'Likes', follows: 'Follows', purchases: 'Purchases', total: 'All' },
  last: 'Last event',
  kinds: { album: 'Album', name: 'Name', none: 'No artist, album or name at all' },
  boundTo: (name: string) => `of ${name}`,
  remedies: {
    album: {
      of: 'An album',
      what: 'Give it an artist in the catalogue. Its figures follow by themselves, those of the past too.',
    },
    name: {
      of: 'A name',
      what: 'It fits no artist of the catalogue, or two. Name one artist exactly so there, or send the artist’s id with the events.',
    },
    none: {
      of: 'Nothing at all',
      what: 'The client that sends these events has to name artistId, albumId or artist in their metadata.',
    },
  },
}

const es: typeof en = {
  unattributed: 'Sin artista',
  note: 'Eventos que cuentan para la plataforma y para ningún artista.',
  empty: 'Todos los eventos tienen artista.',
  subject: 'Lo que nombran los eventos',
  counts: { plays: 'Reproducciones', likes: 'Me gusta', follows: 'Seguimientos', purchases: 'Compras', total: 'Todo' },
  last: 'Último evento',
  kinds: { album: 'Álbum', name: 'Nombre', none: 'Ni artista, ni álbum, ni nombre' },
  boundTo: name => `de ${name}`,
  remedies: {
    album: {
      of: 'Un álbum',
      what: 'Asígnale un artista en el catálogo. Sus cifras le siguen solas, también las del pasado.',
    },
    name: {
      of: 'Un nombre',
      what: 'No corresponde a ningún artista del catálogo, o a dos. Nombra allí así a un solo artista, o envía su ID con los eventos.',
    },
    none: {
      of: 'Nada en absoluto',
      what: 'El cliente que envía estos eventos tiene que nombrar artistId, albumId o artist en sus metadatos.',
    },
  },
}

export const texts = { en, es }
