/** Figures that count events and listeners: in a range, at this moment, since a release, and compared with an earlier range. */
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

export function historyFigures(): Definition[] {
  return [
    figure(
      'milestones',
      'events',
      text('Hitos', 'Milestones'),
      text(
        'Cuándo las reproducciones, los oyentes, los seguidores o las compras llegaron por primera vez a 10, 25, 50, 100, 250, …, según la hora de los eventos y aunque luego bajaran.',
        'When plays, listeners, followers or purchases first reached 10, 25, 50, 100, 250, …, by the time of the events, and even if they fell later.',
      ),
    ),
    figure(
      'best',
      'plays',
      text('Mejor día, semana y mes', 'Best day, week and month'),
      text(
        'El día, la semana ISO y el mes de la zona horaria con más reproducciones contadas de siempre; entre iguales, el primero.',
        'The day, ISO week and month of the time zone with the most counted plays ever; of equal ones the first.',
      ),
    ),
    figure(
      'counts',
      'events',
      text('Lo que suma', 'What it adds'),
      text(
        'Lo que un evento suma a su cifra: +1, −1, o 0 donde solo cambian los ingresos; la suma de todos es la cifra del periodo.',
        'What an event adds to its figure: +1, −1, or 0 where only revenue changes; the sum of all is the figure of the period.',
      ),
    ),
    {
      ...figure(
        'releaseDate',
        'day',
        text('Fecha de publicación', 'Release date'),
        text(
          'El día que dice el catálogo; si no lo dice, el de la primera reproducción contada, no antes del año del catálogo.',
          "The day that the catalogue names; where it names none, that of the first counted play, not before the catalogue's year.",
        ),
      ),
      excluded: [text('Las reproducciones anteriores al año del catálogo.', "Plays before the catalogue's year.")],
    },
    figure(
      'firstDays',
      'plays',
      text('Primeros días', 'First days'),
      text(
        'Las reproducciones contadas desde el día de la publicación, que es el primero, hasta ese día incluido.',
        'Counted plays from the day of the release, which is the first one, to that day included.',
      ),
    ),
    figure(
      'unnamed',
      'plays',
      text('Sin pista o sin álbum', 'Without a track or an album'),
      text(
        'Las reproducciones contadas del artista que no nombran una pista, o un álbum, y por eso no están en ninguna fila.',
        'Counted plays of the artist that name no track, or no album, and so are in no row.',
      ),
    ),
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
