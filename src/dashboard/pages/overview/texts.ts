/** Texts of the overview. */

/** "hasta las 14:30", but "hasta la 1:30". */
const untilInSpanish = (time: string) => `hasta ${/^0?1:/.test(time) ? 'la' : 'las'} ${time}`

const en = {
  title: 'Overview',
  platform: 'The platform',
  today: 'Today so far',
  /** Of the day and the time until which it is counted. */
  todayNote: (day: string, time: string) => `${day}, until ${time}`,
  hourByHour: 'Hour by hour',
  plays: 'Plays',
  what: 'plays',
  more: (percent: string, what: string, day: string, time: string) =>
    `${percent} more ${what} than last ${day} until ${time}`,
  less: (percent: string, what: string, day: string, time: string) =>
    `${percent} fewer ${what} than last ${day} until ${time}`,
  same: (day: string, time: string) => `As many as last ${day} until ${time}`,
  noneBefore: (day: string, time: string) => `Last ${day} there were none until ${time}`,
  hours: 'Plays by hour',
  barsToday: 'Today',
  barsBefore: (day: string) => `Last ${day}`,
  listening: 'Listening now',
  listeners: 'Listeners',
  window: 'In the last five minutes',
  minutes: (plays: string) => `Plays by minute in the last half hour; ${plays} in this minute`,
  playsOf: (plays: string) => `${plays} in five minutes`,
  nobody: 'Nobody listens at this moment. The next play is shown here as soon as it is counted.',
  interrupted: (time: string) => `The live stream is interrupted. This is the state of ${time}.`,
  unreachable: 'The live stream does not answer; it is tried again.',
  history: 'The last 48 hours',
  historyNote: 'Plays by minute',
  active: (tracks: string, artists: string) => `Tracks played: ${tracks} · Artists played: ${artists}`,
  charts: 'Charts',
  rising: 'Rising',
  welcome: 'No event has arrived yet',
  welcomeNote:
    'The service is ready. Send it a first play, and this page shows it at once. Where keys are set, add one as the header x-api-key.',
  documentation: 'How to send events',
}

const es: typeof en = {
  title: 'Resumen',
  platform: 'La plataforma',
  today: 'Hoy hasta ahora',
  todayNote: (day, time) => `${day}, ${untilInSpanish(time)}`,
  hourByHour: 'Hora a hora',
  plays: 'Reproducciones',
  what: 'reproducciones',
  more: (percent, what, day, time) => `${percent} más ${what} que el ${day} pasado ${untilInSpanish(time)}`,
  less: (percent, what, day, time) => `${percent} menos ${what} que el ${day} pasado ${untilInSpanish(time)}`,
  same: (day, time) => `Igual que el ${day} pasado ${untilInSpanish(time)}`,
  noneBefore: (day, time) => `El ${day} pasado no hubo ninguna ${untilInSpanish(time)}`,
  hours: 'Reproducciones por hora',
  barsToday: 'Hoy',
  barsBefore: day => `El ${day} pasado`,
  listening: 'Escuchando ahora',
  listeners: 'Oyentes',
  window: 'En los últimos cinco minutos',
  minutes: plays => `Reproducciones por minuto en la última media hora; ${plays} en este minuto`,
  playsOf: plays => `${plays} en cinco minutos`,
  nobody: 'Nadie escucha en este momento. La próxima reproducción aparecerá aquí en cuanto se cuente.',
  interrupted: time => `La conexión en directo se ha interrumpido. Este es el estado de las ${time}.`,
  unreachable: 'No hay conexión en directo; se está reintentando.',
  history: 'Las últimas 48 horas',
  historyNote: 'Reproducciones por minuto',
  active: (tracks, artists) => `Canciones que sonaron: ${tracks} · Artistas que sonaron: ${artists}`,
  charts: 'Listas',
  rising: 'En alza',
  welcome: 'Aún no ha llegado ningún evento',
  welcomeNote:
    'El servicio está listo. Envíale una primera reproducción y esta página la mostrará al momento. Si hay claves configuradas, añade una en la cabecera x-api-key.',
  documentation: 'Cómo enviar eventos',
}

export const texts = { en, es }
