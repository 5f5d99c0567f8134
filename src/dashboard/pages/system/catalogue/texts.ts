/** Texts of the catalogue. */
const en = {
  catalogue: 'Catalogue',
  note: 'Counts since the service was started.',
  since: (time: string) => `since ${time}`,
  rule: (count: string, most: string, wait: string) =>
    `${count} failed calls in a row; ${most} open the circuit for ${wait} s.`,
  notSet: 'No catalogue is set (CONTENT_SERVICE_URL): names and covers are not known.',
  calls: 'Calls',
  failures: 'Without an answer',
  retries: 'Repeated attempts',
  timeouts: 'Took too long',
  refusedOpen: 'Not made: circuit open',
  refusedPaused: 'Not made: it asked for a pause',
}

const es: typeof en = {
  catalogue: 'Catálogo',
  note: 'Cuentas desde que arrancó el servicio.',
  since: time => `desde las ${time}`,
  rule: (count, most, wait) => `${count} llamadas fallidas seguidas; ${most} abren el circuito durante ${wait} s.`,
  notSet: 'No hay catálogo configurado (CONTENT_SERVICE_URL): no se conocen nombres ni portadas.',
  calls: 'Llamadas',
  failures: 'Sin respuesta',
  retries: 'Intentos repetidos',
  timeouts: 'Tardaron demasiado',
  refusedOpen: 'No hechas: circuito abierto',
  refusedPaused: 'No hechas: pidió una pausa',
}

export const texts = { en, es }
