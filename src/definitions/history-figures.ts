/** Figures of what has been reached, of releases, and of the events behind figures. */
import { type Definition, figure, text } from './definition.ts'

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
