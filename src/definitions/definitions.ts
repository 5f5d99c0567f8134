/** The definitions of all figures, with a version. */
import { createHash } from 'node:crypto'
import { audienceFigures } from './audience-figures.ts'
import { chartFigures } from './chart-figures.ts'
import { comparedFigures, eventFigures, listenerFigures, liveFigures } from './counted-figures.ts'
import type { CountingSettings, Definitions } from './definition.ts'
import { feedbackFigures } from './feedback-figures.ts'
import { historyFigures } from './history-figures.ts'
import { recommendationFigures } from './recommendation-figures.ts'

export function definitionsOf(settings: CountingSettings): Definitions {
  const items = [
    ...eventFigures(settings),
    ...listenerFigures(),
    ...audienceFigures(),
    ...chartFigures(settings),
    ...historyFigures(),
    ...comparedFigures(),
    ...liveFigures(),
    ...recommendationFigures(),
    ...feedbackFigures(),
  ]
  const version = createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 12)
  return { version, items }
}
