/** Texts of the page of the system that its sections share. */
const en = {
  title: 'System',
  note: 'How the service is at this moment, and what it could not count.',
  cancel: 'Cancel',
  notDone: 'This could not be done',
  circuits: {
    Closed: 'Circuit closed: it is asked',
    'Half-Open': 'Circuit half-open: one call tries whether it works again',
    Open: 'Circuit open: it failed, and is not asked for now',
  },
  seconds: (shown: string) => `${shown} s`,
  milliseconds: (shown: string) => `${shown} ms`,
  minutes: (shown: string) => `${shown} min`,
  megabytes: (shown: string) => `${shown} MB`,
}

const es: typeof en = {
  title: 'Sistema',
  note: 'Cómo está el servicio en este momento y qué no ha podido contar.',
  cancel: 'Cancelar',
  notDone: 'No se ha podido hacer',
  circuits: {
    Closed: 'Circuito cerrado: se le pregunta',
    'Half-Open': 'Circuito semiabierto: una llamada prueba si ya funciona',
    Open: 'Circuito abierto: ha fallado y por ahora no se le pregunta',
  },
  seconds: shown => `${shown} s`,
  milliseconds: shown => `${shown} ms`,
  minutes: shown => `${shown} min`,
  megabytes: shown => `${shown} MB`,
}

export const texts = { en, es }
