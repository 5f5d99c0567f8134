/** Texts of how recommendations do. */
import type { RecommendationPerformance } from '../../../../http/recommendation-performance.ts'

const en = {
  title: 'How recommendations do',
  note: 'How often they were shown and then clicked, by how they came into a list',
  empty:
    'No client has told what it showed in this range: it sends recommendation.shown, and recommendation.clicked for what was chosen.',
  range: 'Range',
  strategy: 'How it came',
  shown: 'Shown',
  clicked: 'Clicked',
  clickThroughRate: 'Rate',
  names: { shown: 'what is shown', clicked: 'what is clicked', clickThroughRate: 'the click-through rate' },
  unshown: (count: string) => `${count} clicked that nobody said were shown`,
  unshownName: 'what is clicked though not shown',
  total: 'All',
  strategies: {
    model: 'Model',
    exploration: 'Explore',
    similar: 'Similar',
    genre: 'Genre',
    popular: 'Popular',
    unknown: 'Not told',
  } satisfies Record<RecommendationPerformance['strategies'][number]['strategy'], string>,
}

const es: typeof en = {
  title: 'Cómo van las recomendaciones',
  note: 'Cuántas veces se mostraron y se pulsaron, según cómo entraron en una lista',
  empty:
    'Ningún cliente ha dicho qué mostró en este periodo: envía recommendation.shown y, de lo elegido, recommendation.clicked.',
  range: 'Periodo',
  strategy: 'Cómo entró',
  shown: 'Mostradas',
  clicked: 'Pulsadas',
  clickThroughRate: 'Tasa',
  names: { shown: 'lo mostrado', clicked: 'lo pulsado', clickThroughRate: 'la tasa de clics' },
  unshown: count => `${count} pulsadas que nadie dijo que se mostraran`,
  unshownName: 'lo pulsado sin mostrarse',
  total: 'Todas',
  strategies: {
    model: 'Modelo',
    exploration: 'Explorar',
    similar: 'Parecido',
    genre: 'Género',
    popular: 'Popular',
    unknown: 'No se dice',
  },
}

export const texts = { en, es }
