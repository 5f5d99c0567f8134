/** Texts of the six figures and their graph. */
import type { Metric } from './metrics.ts'

const en = {
  metric: 'Figure',
  metrics: {
    plays: 'Plays',
    uniqueListeners: 'Listeners',
    likes: 'Likes',
    follows: 'Follows',
    purchases: 'Purchases',
    revenue: 'Revenue',
  } satisfies Record<Metric, string>,
  title: 'Figures',
  showMetric: (metric: string) => `Show in the graph: ${metric}`,
  nextMetric: 'The next figure',
  nothing: 'Nothing was counted in this range.',
  clipped: 'The graph leaves out events that the figures contain: it has the last 10,000 points.',
  currencies: (amounts: string) => `${amounts}; only the first is in the graph`,
  earlier: { previous: 'Range before', weekday: 'Same weekdays before', year: 'Year before' },
}

const es: typeof en = {
  metric: 'Cifra',
  metrics: {
    plays: 'Reproducciones',
    uniqueListeners: 'Oyentes',
    likes: 'Me gusta',
    follows: 'Seguidores',
    purchases: 'Compras',
    revenue: 'Ingresos',
  },
  title: 'Cifras',
  showMetric: metric => `Mostrar en el gráfico: ${metric}`,
  nextMetric: 'La siguiente cifra',
  nothing: 'No se ha contado nada en este periodo.',
  clipped: 'El gráfico deja fuera eventos que las cifras incluyen: tiene los últimos 10.000 puntos.',
  currencies: amounts => `${amounts}; el gráfico muestra solo la primera`,
  earlier: { previous: 'Periodo anterior', weekday: 'Mismos días antes', year: 'Año anterior' },
}

export const texts = { en, es }
