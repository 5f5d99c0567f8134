/** Figures of recommendations: of a list, of the model behind it, and of what becomes of what is shown. */
import { type Definition, figure, text } from './definition.ts'

export function recommendationFigures(): Definition[] {
  return [...listFigures(), ...evaluationFigures()]
}

function listFigures(): Definition[] {
  return [
    figure(
      'recommendationScore',
      'score',
      text('Puntuación de una recomendación', 'Score of a recommendation'),
      text(
        'De 0 a 1: cuánto se parece a lo que el oyente ha escuchado, marcado, seguido o comprado, según lo que tienen en común los oyentes; ordena una lista y no se compara con la de otra.',
        'From 0 to 1: how near it is to what the listener played, liked, followed or bought, by what listeners have in common; it orders one list, and is not comparable with another.',
      ),
    ),
    figure(
      'because',
      'score',
      text('Lo que aporta cada cosa', 'What each item adds'),
      text(
        'La parte de la puntuación que viene de una cosa del oyente; todas las partes suman la puntuación, y las negativas la bajan.',
        "The part of the score that comes from one of the listener's own items; all parts add up to the score, and negative ones lower it.",
      ),
    ),
    figure(
      'exploration',
      'artists',
      text('Explorar', 'Explore'),
      text(
        'De cada 20 recomendaciones, al menos 3 son de artistas fuera del décimo más escuchado, si la puntuación del oyente lo permite: esta ha pasado por eso delante de otra con más puntuación.',
        "Of every 20 recommendations, at least 3 are of artists outside the most played tenth, where the listener's scores allow it: for that, this one came before another with a higher score.",
      ),
    ),
  ]
}

/** Each is about a list of the first 10 or 20 for listeners whose next days the model has not seen. */
function evaluationFigures(): Definition[] {
  return [
    figure(
      'ndcgAt10',
      'score',
      text('Aciertos arriba (NDCG@10)', 'Hits near the top (NDCG@10)'),
      text(
        'Cuánto de lo que los oyentes descubrieron después está entre las 10 primeras recomendaciones, donde un acierto cuenta más cuanto más arriba está: 1 es lo mejor posible.',
        'How much of what listeners then discovered is among the first 10 recommendations, where a hit counts for more the higher it is: 1 is the best possible.',
      ),
    ),
    figure(
      'recallAt20',
      'per cent',
      text('Encontrado (R@20)', 'Found (R@20)'),
      text(
        'Qué parte de lo que cada oyente descubrió después está entre las 20 primeras recomendaciones; la media de los oyentes.',
        'Which part of what each listener then discovered is among the first 20 recommendations; the mean of the listeners.',
      ),
    ),
    figure(
      'coverageAt10',
      'per cent',
      text('Catálogo que llega a alguien (Cov@10)', 'Catalogue that reaches somebody (Cov@10)'),
      text(
        'Qué parte de todo lo que se puede recomendar está entre las 10 primeras recomendaciones de algún oyente.',
        'Which part of all that can be recommended is among the first 10 recommendations of some listener.',
      ),
    ),
    figure(
      'listenersAt10',
      'listeners',
      text('Oyentes de lo recomendado (ARP@10)', 'Listeners of what is recommended (ARP@10)'),
      text(
        'Cuántos oyentes tiene de media cada una de las 10 primeras recomendaciones: cuantos menos, más se recomienda a los pequeños.',
        'How many listeners each of the first 10 recommendations has on average: the fewer, the more the small are recommended.',
      ),
    ),
  ]
}
