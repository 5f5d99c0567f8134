/** What graphs say, in both languages. */
const en = {
  notOver: 'not over yet',
  none: '–',
  day: (day: number) => `Day ${day}`,
  spokenEarlier: (value: string, when: string) => `${value} before, ${when}`,
  graph: 'graph',
  keysOfGraph: 'Arrow keys move by a point, Page Up and Page Down by ten, Home and End to the ends. Escape leaves.',
  table: 'Table',
  png: 'PNG',
  actionOn: (action: string, label: string) => `${action}: ${label}`,
  loading: 'Loading the graph',
  dates: 'Date',
  days: 'Day',
  change: 'Change',
  marks: 'What happened',
  rows: (first: string, last: string, all: string) => `${first}–${last} of ${all}`,
  later: 'Later',
  sooner: 'Earlier',
  share: 'Share',
  ofStepBefore: (share: string) => `${share} of the step before`,
  weekday: 'Weekday',
  less: 'Less',
  more: 'More',
  chooseCell: 'Point at an hour, or move with the arrow keys.',
}

const es: typeof en = {
  notOver: 'sin terminar',
  none: '–',
  day: day => `Día ${day}`,
  spokenEarlier: (value, when) => `${value} antes, ${when}`,
  graph: 'gráfico',
  keysOfGraph:
    'Las flechas avanzan un punto; Re Pág y Av Pág, diez; Inicio y Fin van a los extremos. Con Escape se sale.',
  table: 'Tabla',
  png: 'PNG',
  actionOn: (action, label) => `${action}: ${label}`,
  loading: 'Cargando el gráfico',
  dates: 'Fecha',
  days: 'Día',
  change: 'Variación',
  marks: 'Qué pasó',
  rows: (first, last, all) => `${first}–${last} de ${all}`,
  later: 'Posteriores',
  sooner: 'Anteriores',
  share: 'Parte',
  ofStepBefore: share => `${share} del paso anterior`,
  weekday: 'Día de la semana',
  less: 'Menos',
  more: 'Más',
  chooseCell: 'Señala una hora o muévete con las flechas.',
}

export const texts = { en, es }

/** Those that a readout needs. */
export type ReadoutTexts = Pick<typeof en, 'notOver' | 'none' | 'day' | 'spokenEarlier'>
