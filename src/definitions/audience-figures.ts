/** Figures of the listeners of an artist. */
import { REGULAR_DAYS, SEGMENT_DAYS, SUPER_DAYS } from '../statistics/listeners.ts'
import { ANONYMOUS, type Definition, figure, type Texts, text } from './definition.ts'

export function audienceFigures(): Definition[] {
  const days = (what: string, en: string): Texts =>
    text(
      `Los oyentes con reproducciones en ${what} de los ${SEGMENT_DAYS} días que acaban con el último del periodo (como mucho hoy).`,
      `Listeners with plays on ${en} of the ${SEGMENT_DAYS} days that end with the last one of the period (today at most).`,
    )
  const known: Definition[] = [
    figure(
      'newListeners',
      'listeners',
      text('Oyentes nuevos', 'New listeners'),
      text(
        'Los oyentes cuya primera reproducción contada de este artista, de siempre, está en el periodo.',
        'Listeners whose first counted play of this artist, ever, is in the period.',
      ),
    ),
    figure(
      'returningListeners',
      'listeners',
      text('Oyentes que vuelven', 'Returning listeners'),
      text('Los oyentes del periodo menos los nuevos.', 'The listeners of the period minus the new ones.'),
    ),
    figure(
      'mean',
      'plays',
      text('Media de reproducciones por oyente', 'Plays a listener, mean'),
      text(
        'Las reproducciones de oyentes conocidos entre el número de estos.',
        'The plays of known listeners divided by their number.',
      ),
    ),
    figure(
      'median',
      'plays',
      text('Mediana de reproducciones por oyente', 'Plays a listener, median'),
      text(
        'La mitad de los oyentes conocidos tiene como mucho estas reproducciones.',
        'Half of the known listeners have at most this many plays.',
      ),
    ),
    figure(
      'super',
      'listeners',
      text('Superoyentes', 'Super listeners'),
      days(`${SUPER_DAYS} o más`, `${SUPER_DAYS} or more`),
    ),
    figure(
      'regular',
      'listeners',
      text('Oyentes habituales', 'Regular listeners'),
      days(`${REGULAR_DAYS} a ${SUPER_DAYS - 1}`, `${REGULAR_DAYS} to ${SUPER_DAYS - 1}`),
    ),
    figure(
      'light',
      'listeners',
      text('Oyentes ocasionales', 'Light listeners'),
      days(`1 a ${REGULAR_DAYS - 1}`, `1 to ${REGULAR_DAYS - 1}`),
    ),
    figure(
      'lapsed',
      'listeners',
      text('Oyentes perdidos', 'Lapsed listeners'),
      text(
        `Los oyentes con reproducciones en los ${SEGMENT_DAYS} días anteriores y ninguna en los ${SEGMENT_DAYS} del segmento.`,
        `Listeners with plays in the ${SEGMENT_DAYS} days before and none in the ${SEGMENT_DAYS} of the segment.`,
      ),
    ),
    figure(
      'funnel',
      'listeners',
      text('Embudo', 'Funnel'),
      text(
        'De los oyentes del periodo, quienes dieron me gusta; de estos, quienes siguieron; de estos, quienes compraron: en neto y en el periodo.',
        'Of the listeners of the period, who liked; of those, who followed; of those, who bought: net and in the period.',
      ),
    ),
  ]
  return [
    ...known.map(each => ({ ...each, excluded: [ANONYMOUS] })),
    figure(
      'anonymousPlays',
      'plays',
      text('Reproducciones anónimas', 'Anonymous plays'),
      text('Las reproducciones contadas sin oyente conocido.', 'Counted plays of no known listener.'),
    ),
    figure(
      'rhythm',
      'plays',
      text('Ritmo', 'Rhythm'),
      text(
        'Las reproducciones contadas por día de la semana y hora del reloj de la zona horaria.',
        'Counted plays by weekday and hour of the clock of the time zone.',
      ),
    ),
  ]
}
