/** Texts of an artist's page as a whole, and of its head. */
const en = {
  artist: 'Artist',
  released: (title: string) => `${title} was released`,
  connecting: 'Listening now: …',
  noLive: 'No live figures at this moment',
  listening: (number: string, people: string) => `${number} ${people} now`,
  people: { one: 'listener', other: 'listeners' },
  liveStale: (number: string) => `Live figures are interrupted; it was ${number}`,
  listeningName: 'Listeners now',
  unheard:
    'Nobody has heard this artist yet, and the catalogue names no release. Send a play, and this page fills by itself. Where the service asks for a key, add the header x-api-key.',
}

const es: typeof en = {
  artist: 'Artista',
  released: title => `Se publica ${title}`,
  connecting: 'Oyentes ahora: …',
  noLive: 'Sin cifras en directo ahora mismo',
  listening: (number, people) => `${number} ${people} ahora`,
  people: { one: 'oyente', other: 'oyentes' },
  liveStale: number => `Directo interrumpido; eran ${number}`,
  listeningName: 'Oyentes ahora',
  unheard:
    'Nadie ha escuchado todavía a este artista y el catálogo no nombra ningún lanzamiento suyo. Envía una reproducción y esta página se llenará sola. Si el servicio pide una clave, añade la cabecera x-api-key.',
}

export const texts = { en, es }
