/** Figures that count events and listeners: in a range, at this moment, and compared with an earlier range. */
import { LIVE_WINDOW_MS } from '../live/live-counts.ts'
import { SHRINKAGE } from '../statistics/ranking.ts'
import { MINUTE_MS, SECOND_MS } from '../units.ts'
import { ANONYMOUS, type CountingSettings, type Definition, figure, text } from './definition.ts'

export function eventFigures({ defaultCurrency, playMinMs }: CountingSettings): Definition[] {
  const seconds = playMinMs / SECOND_MS
  return [
    {
      ...figure(
        'plays',
        'plays',
        text('Reproducciones', 'Plays'),
        text(
          'Cada reproducción cuenta una vez, en el momento en que ocurrió, para cada artista que el evento nombra.',
          'Each play counts once, at the time at which it happened, for each artist that the event names.',
        ),
      ),
      excluded: [
        text(
          `Las reproducciones de menos de ${seconds} s y de menos de la mitad de la pista.`,
          `Plays of less than ${seconds} s and less than half of the track.`,
        ),
      ],
      setting: { name: 'PLAY_MIN_SECONDS', value: String(seconds) },
    },
    figure(
      'likes',
      'likes',
      text('Me gusta', 'Likes'),
      text('Los me gusta menos los retirados, nunca bajo cero.', 'Likes minus those taken back, never below zero.'),
    ),
    figure(
      'follows',
      'follows',
      text('Seguidores nuevos', 'Follows'),
      text(
        'Los seguimientos menos los retirados, nunca bajo cero.',
        'Follows minus those taken back, never below zero.',
      ),
    ),
    {
      ...figure(
        'purchases',
        'order lines',
        text('Compras', 'Purchases'),
        text(
          'Las líneas de pedidos pagados menos las devueltas; un pedido sin líneas es una.',
          'Lines of paid orders minus those refunded; an order without lines is one.',
        ),
      ),
      excluded: [
        text('Los reembolsos parciales, que solo restan ingresos.', 'Partial refunds, which only reduce revenue.'),
      ],
    },
    {
      ...figure(
        'revenue',
        'money',
        text('Ingresos', 'Revenue'),
        text(
          `Lo cobrado menos lo reembolsado, en ${defaultCurrency}, repartido al céntimo entre los artistas de cada línea.`,
          `What was paid minus what was refunded, in ${defaultCurrency}, split among the artists of each line to the minor unit.`,
        ),
      ),
      excluded: [
        text(
          'Los importes en otras monedas, que están en revenueByCurrency.',
          'Amounts in other currencies, which are in revenueByCurrency.',
        ),
      ],
      setting: { name: 'DEFAULT_CURRENCY', value: defaultCurrency },
    },
  ]
}

export function listenerFigures(): Definition[] {
  return [
    {
      ...figure(
        'uniqueListeners',
        'listeners',
        text('Oyentes únicos', 'Unique listeners'),
        text(
          'Los oyentes conocidos distintos de las reproducciones contadas en todo el periodo, contados exactamente.',
          'Different known listeners of the counted plays of the whole period, counted exactly.',
        ),
      ),
      excluded: [ANONYMOUS],
    },
    {
      ...figure(
        'activeArtists',
        'artists',
        text('Artistas activos', 'Active artists'),
        text(
          'Los artistas distintos, y los nombres sin artista conocido, con al menos una reproducción contada.',
          'Different artists, and names of no known artist, with at least one counted play.',
        ),
      ),
      excluded: [text('Los álbumes que no son de nadie.', 'Albums that belong to nobody.')],
    },
    {
      ...figure(
        'activeTracks',
        'tracks',
        text('Pistas activas', 'Active tracks'),
        text(
          'Las pistas distintas con al menos una reproducción contada.',
          'Different tracks with at least one counted play.',
        ),
      ),
      excluded: [text('Las reproducciones que no nombran una pista.', 'Plays that name no track.')],
    },
  ]
}

export function comparedFigures(): Definition[] {
  return [
    figure(
      'share',
      'per cent',
      text('Parte', 'Share'),
      text(
        'Las reproducciones en por ciento de todas las del artista en el periodo, con dos decimales.',
        'Plays in per cent of all those of the artist in the period, with two decimals.',
      ),
    ),
    figure(
      'change',
      'per cent',
      text('Cambio', 'Change'),
      text(
        'La diferencia con el periodo anterior en por ciento de este, con dos decimales; nada donde antes no había nada.',
        'The difference from the earlier range in per cent of that, with two decimals; null where there was nothing before.',
      ),
    ),
    figure(
      'score',
      'score',
      text('Crecimiento', 'Growth'),
      text(
        `(ahora − antes) / √(ahora + antes + ${SHRINKAGE}): cuán seguro es el crecimiento, no cuán grande.`,
        `(now − before) / √(now + before + ${SHRINKAGE}): how sure the growth is, not how large.`,
      ),
    ),
  ]
}

export function liveFigures(): Definition[] {
  const minutes = LIVE_WINDOW_MS / MINUTE_MS
  return [
    {
      ...figure(
        'events',
        'events',
        text('Eventos', 'Events'),
        text('Cada evento contado, una vez.', 'Each counted event, once.'),
      ),
      excluded: [text('Las escuchas demasiado cortas.', 'Plays that were too short.')],
    },
    {
      ...figure(
        'listeners',
        'listeners',
        text('Oyentes ahora', 'Listeners now'),
        text(
          `Los oyentes conocidos distintos de las reproducciones de los últimos ${minutes} minutos; en el historial, de ese minuto.`,
          `Different known listeners of the plays of the last ${minutes} minutes; in the history, of that minute.`,
        ),
      ),
      excluded: [ANONYMOUS],
    },
  ]
}
