/** Texts of milestones. */
import type { Milestones } from '../../../../http/milestones.ts'

type Measure = Milestones['items'][number]['measure']
/** Writes a number of something: the plural is chosen by the number. */
type Counted = (number: string, plural: (forms: { one: string; other: string }) => string) => string

const en = {
  title: 'Milestones',
  measures: { plays: 'Plays', listeners: 'Listeners', followers: 'Followers', purchases: 'Purchases' } satisfies Record<
    Measure,
    string
  >,
  count: {
    plays: (number, plural) => `${number} ${plural({ one: 'play', other: 'plays' })}`,
    listeners: (number, plural) => `${number} ${plural({ one: 'listener', other: 'listeners' })}`,
    followers: (number, plural) => `${number} ${plural({ one: 'follower', other: 'followers' })}`,
    purchases: (number, plural) => `${number} ${plural({ one: 'purchase', other: 'purchases' })}`,
  } as Record<Measure, Counted>,
  next: 'The next ones',
  progress: (count: string, next: string) => `${count} of ${next}`,
  best: 'Best times ever',
  bests: { day: 'Day', week: 'Week', month: 'Month' },
  never: 'Nothing was played yet.',
  reached: 'Reached in this range',
  none: 'None in this range.',
  more: (number: string) => `Show all ${number}`,
}

const es: typeof en = {
  title: 'Hitos',
  measures: { plays: 'Reproducciones', listeners: 'Oyentes', followers: 'Seguidores', purchases: 'Compras' },
  count: {
    plays: (number, plural) => `${number} ${plural({ one: 'reproducción', other: 'reproducciones' })}`,
    listeners: (number, plural) => `${number} ${plural({ one: 'oyente', other: 'oyentes' })}`,
    followers: (number, plural) => `${number} ${plural({ one: 'seguidor', other: 'seguidores' })}`,
    purchases: (number, plural) => `${number} ${plural({ one: 'compra', other: 'compras' })}`,
  },
  next: 'Los siguientes',
  progress: (count, next) => `${count} de ${next}`,
  best: 'Los mejores momentos',
  bests: { day: 'Día', week: 'Semana', month: 'Mes' },
  never: 'Todavía no ha sonado nada.',
  reached: 'Alcanzados en este periodo',
  none: 'Ninguno en este periodo.',
  more: number => `Mostrar los ${number}`,
}

export const texts = { en, es }
