/** Texts of the events behind a figure. */
import type { CountedEvent } from '../../../../http/artist-events.ts'

const en = {
  open: 'Events behind this figure',
  hide: 'Hide the events',
  key: 'The events behind this figure',
  title: (metric: string) => `Events behind the figure: ${metric}`,
  note: 'Newest first. Listeners are pseudonyms, which are the same within this artist. This may need an API key.',
  sum: (rows: string, sum: string, figure: string) =>
    `${rows} rows are shown, which make ${sum}. The figure of the range is ${figure}.`,
  isAll: 'These are all rows.',
  notAll: 'There are more rows.',
  more: 'Show more events',
  rows: 'Counted events',
  at: 'Time',
  event: 'Event',
  track: 'Track or album',
  listener: 'Listener',
  anonymous: 'anonymous',
  counts: 'Adds',
  amount: 'Amount',
  types: {
    'track.played': 'Play',
    'track.liked': 'Like',
    'track.unliked': 'Like taken back',
    'artist.followed': 'Follow',
    'artist.unfollowed': 'Follow taken back',
    'order.paid': 'Purchase',
    'order.refunded': 'Refund',
  } satisfies Record<CountedEvent['eventType'], string>,
  empty: 'No event of this figure in this range.',
}

const es: typeof en = {
  open: 'Eventos de esta cifra',
  hide: 'Ocultar los eventos',
  key: 'Los eventos de esta cifra',
  title: metric => `Eventos de la cifra: ${metric}`,
  note: 'Los más recientes primero. Los oyentes son seudónimos, los mismos dentro de este artista. Puede hacer falta una clave de API.',
  sum: (rows, sum, figure) => `Se muestran ${rows} filas, que suman ${sum}. La cifra del periodo es ${figure}.`,
  isAll: 'Son todas las filas.',
  notAll: 'Hay más filas.',
  more: 'Mostrar más eventos',
  rows: 'Eventos contados',
  at: 'Hora',
  event: 'Evento',
  track: 'Canción o álbum',
  listener: 'Oyente',
  anonymous: 'anónimo',
  counts: 'Suma',
  amount: 'Importe',
  types: {
    'track.played': 'Reproducción',
    'track.liked': 'Me gusta',
    'track.unliked': 'Me gusta retirado',
    'artist.followed': 'Seguidor nuevo',
    'artist.unfollowed': 'Deja de seguir',
    'order.paid': 'Compra',
    'order.refunded': 'Devolución',
  },
  empty: 'Ningún evento de esta cifra en este periodo.',
}

export const texts = { en, es }
