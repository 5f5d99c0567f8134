/** Figures of what became of recommended items. */
import { type Definition, figure, text } from './definition.ts'

const AGAIN = text(
  'Que el mismo elemento de la misma respuesta se muestre o se pulse otra vez.',
  'The same item of the same answer shown or clicked again.',
)

export function feedbackFigures(): Definition[] {
  return [
    {
      ...figure(
        'shown',
        'items',
        text('Mostrados', 'Shown'),
        text(
          'Los elementos de respuestas con recomendaciones que `recommendation.shown` dice que se mostraron, cada uno en el periodo en que se mostró.',
          'Items of answers with recommendations that `recommendation.shown` says were shown, each in the period in which it was.',
        ),
      ),
      excluded: [AGAIN],
    },
    {
      ...figure(
        'clicked',
        'items',
        text('Pulsados', 'Clicked'),
        text(
          'De los elementos mostrados en el periodo, los que `recommendation.clicked` dice que se pulsaron, cuando fuera.',
          'Of the items shown in the period, those that `recommendation.clicked` says were clicked, whenever that was.',
        ),
      ),
      excluded: [AGAIN],
    },
    figure(
      'clickThroughRate',
      'per cent',
      text('Tasa de clics', 'Click-through rate'),
      text(
        'Los elementos pulsados entre los mostrados; nada donde no se mostró ninguno.',
        'Clicked items divided by shown ones; nothing where none was shown.',
      ),
    ),
    {
      ...figure(
        'clickedUnshown',
        'items',
        text('Pulsados sin mostrarse', 'Clicked though not shown'),
        text(
          'Los elementos que se pulsaron en el periodo y que ningún evento dice que se mostraran; no están en la tasa.',
          'Items clicked in the period that no event says were shown; they are not in the rate.',
        ),
      ),
      excluded: [AGAIN],
    },
  ]
}
