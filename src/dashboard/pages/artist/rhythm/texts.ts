/** Texts of the rhythm of a week. */
const en = {
  title: 'Rhythm of the week',
  name: 'Rhythm',
  label: 'Plays by weekday and hour',
  plays: { one: 'play', other: 'plays' },
  counted: (number: string, plays: string) => `${number} ${plays}`,
  peak: ({ weekday, time, plays, share }: PeakTexts) =>
    `The peak is ${weekday}, ${time}, with ${plays}: ${share} of all.`,
  empty: 'Nothing was played in this range.',
}

interface PeakTexts {
  weekday: string
  /** From its beginning to its end. */
  time: string
  plays: string
  share: string
}

const es: typeof en = {
  title: 'Ritmo de la semana',
  name: 'Ritmo',
  label: 'Reproducciones por día de la semana y hora',
  plays: { one: 'reproducción', other: 'reproducciones' },
  counted: (number, plays) => `${number} ${plays}`,
  peak: ({ weekday, time, plays, share }) =>
    `El máximo es el ${weekday}, ${time}, con ${plays}: el ${share} del total.`,
  empty: 'No ha sonado nada en este periodo.',
}

export const texts = { en, es }
