/** Texts of how recommendations do. */
import type { Strategy } from '../../../recommendations/answers.ts'

const en = {
  title: 'How recommendations do',
  note: 'How often they were shown and then clicked, by how they came into a list',
  empty: 'No client has told yet what it showed: it sends recommendation.shown and recommendation.clicked.',
  strategy: 'How it came',
  shown: 'Shown',
  clicked: 'Clicked',
  rate: 'Rate',
  rateName: 'the click-through rate',
  strategies: {
    model: 'By the model',
    exploration: 'To explore',
    similar: 'Similar',
    genre: 'By genre',
    popular: 'Popular',
  } satisfies Record<Strategy, string>,
}

const es: typeof en = {
  title: 'Cómo van las recomendaciones',
  note: 'Cuántas veces se mostraron y se pulsaron, según cómo entraron en una lista',
  empty: 'Ningún cliente ha dicho aún qué mostró: envía recommendation.shown y recommendation.clicked.',
  strategy: 'Cómo entró',
  shown: 'Mostradas',
  clicked: 'Pulsadas',
  rate: 'Tasa',
  rateName: 'la tasa de clics',
  strategies: {
    model: 'Por el modelo',
    exploration: 'Por explorar',
    similar: 'Parecido',
    genre: 'Por género',
    popular: 'Popular',
  },
}

export const texts = { en, es }
