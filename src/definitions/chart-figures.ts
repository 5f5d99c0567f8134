/** Figures of charts. */
import { type CountingSettings, type Definition, figure, text } from './definition.ts'

export function chartFigures({ chartPlaysPerListener: limit }: CountingSettings): Definition[] {
  const setting = { name: 'CHART_PLAYS_PER_LISTENER', value: limit === null ? 'off' : String(limit) }
  const rule =
    limit === null
      ? text('Todas las reproducciones contadas.', 'All counted plays.')
      : text(
          `De cada oyente, como mucho ${limit} reproducciones de una pista en un día UTC; de las anónimas, como mucho tantas como las válidas de oyentes conocidos, o ${limit} si estas son menos.`,
          `Of each listener at most ${limit} plays of a track on a UTC day; of the anonymous ones at most as many as the eligible ones of known listeners, or ${limit} where those are fewer.`,
        )
  const excluded =
    limit === null
      ? []
      : [
          text(
            'listener_limit: lo que un oyente pasa del límite.',
            'listener_limit: what one listener is beyond the limit.',
          ),
          text(
            'anonymous_limit: lo que las anónimas pasan del suyo.',
            'anonymous_limit: what anonymous plays are beyond theirs.',
          ),
        ]
  return [
    {
      ...figure('eligiblePlays', 'plays', text('Reproducciones para listas', 'Chart-eligible plays'), rule),
      excluded,
      setting,
    },
    {
      ...figure(
        'position',
        'position',
        text('Posición semanal', 'Weekly position'),
        text(
          'El lugar entre todos los artistas con reproducciones en la semana ISO, en UTC, por reproducciones para listas.',
          'The place among all artists with plays in the ISO week, in UTC, by chart-eligible plays.',
        ),
      ),
      setting,
    },
    {
      ...figure(
        'peak',
        'position',
        text('Mejor posición', 'Peak'),
        text('La mejor posición de las semanas terminadas.', 'The best position of the weeks that are over.'),
      ),
      setting,
    },
    figure(
      'weeksOnChart',
      'weeks',
      text('Semanas en la lista', 'Weeks on the chart'),
      text('Las semanas terminadas con posición.', 'The weeks that are over and have a position.'),
    ),
  ]
}
