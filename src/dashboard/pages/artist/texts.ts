/** Texts of an artist's page as a whole, and of its head. */
const en = {
  artist: 'Artist',
  released: (title: string) => `${title} was released`,
  connecting: 'Connecting to the live figures …',
  noLive: 'There are no live figures at this moment.',
  listening: (number: string, people: string) => `${number} ${people} in the last five minutes`,
  people: { one: 'listener', other: 'listeners' },
  liveStale: (number: string) => `Live figures are interrupted; the last number of listeners was ${number}.`,
  listeningName: 'Listeners in the last five minutes',
  unheard:
    'Nobody has heard this artist yet, and the catalogue names no release. Send a play, and this page fills by itself. Where the service asks for a key, add the header x-api-key.',
}

const es: typeof en = {
  artist: 'Artista',
  released: title => `Se publica ${title}`,
  connecting: 'Conectando con las cifras en directo…',
  noLive: 'Ahora mismo no hay cifras en directo.',
  listening: (number, people) => `${number} ${people} en los últimos cinco minutos`,
  people: { one: 'oyente', other: 'oyentes' },
  liveStale: number => `Las cifras en directo se han interrumpido; el último número de oyentes era ${number}.`,
  listeningName: 'Oyentes de los últimos cinco minutos',
  unheard:
    'Nadie ha escuchado todavía a este artista y el catálogo no nombra ningún lanzamiento suyo. Envía una reproducción y esta página se llenará sola. Si el servicio pide una clave, añade la cabecera x-api-key.',
}

export const texts = { en, es }
