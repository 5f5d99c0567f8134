/** Texts of the page of alerts. */
const en = {
  title: 'Alerts',
  note: 'When an artist suddenly gets much attention, the service writes them a mail.',
  history: 'History',
  artistId: 'Artist’s id or name',
  filter: 'Filter',
  allArtists: 'All artists',
  empty:
    'There is no alert yet. The service raises one by itself when an artist has 100 plays, 50 likes or 10 follows within an hour. ' +
    'This command requests one at once:',
  emptyOfArtist: (id: string) => `There is no alert for ${id} yet. This command requests one:`,
  kinds: {
    plays: (count: number, shown: string) => `${shown} ${count === 1 ? 'play' : 'plays'}`,
    likes: (count: number, shown: string) => `${shown} ${count === 1 ? 'like' : 'likes'}`,
    follows: (count: number, shown: string) => `${shown} ${count === 1 ? 'follow' : 'follows'}`,
  },
  threshold: (value: string) => `threshold ${value}`,
  attempts: (count: string) => `${count} attempts`,
  statesTitle: 'What became of the mail',
  states: {
    pending: {
      name: 'Queued',
      meaning: 'It waits for the mail server or for the artist’s address; it is tried for a day, then it has failed.',
    },
    sent: { name: 'Sent', meaning: 'The mail server has accepted it.' },
    failed: {
      name: 'Failed',
      meaning: 'The mail server refused it, or a day of attempts was not enough. It is not sent again.',
    },
    unknown: {
      name: 'Unknown',
      meaning: 'The connection broke when it had been handed over. It may have arrived, so it is not sent again.',
    },
    none: {
      name: 'No mail',
      meaning: 'No mail server is set, no address is known, or the address had a mail less than an hour ago.',
    },
  },
  automatic:
    'Alerts are raised by themselves at 100 plays, 50 likes or 10 follows within an hour. After a mail, its artist gets no other one for an hour.',
  cooldownUntilSent: 'Cooldown: begins when it is sent',
  cooldowns: {
    all: (time: string) => `Cooldown until ${time}`,
    'at-least': (time: string) => `Cooldown until ${time} at least`,
    automatic: (time: string) => `Automatic alerts wait until ${time}`,
  },
  mailServer: 'Mail server',
  servers: {
    ok: { name: 'Answers', meaning: 'Mails are sent at once.' },
    failing: { name: 'Does not answer', meaning: 'Mails wait, and are tried again after 1 to 30 minutes.' },
    off: { name: 'Not set', meaning: 'Without the setting SMTP_HOST, alerts are recorded and no mail is sent.' },
  },
  waiting: (count: number, shown: string) => (count === 1 ? '1 mail waits' : `${shown} mails wait`),
}

const es: typeof en = {
  title: 'Avisos',
  note: 'Cuando un artista recibe de repente mucha atención, el servicio le escribe un correo.',
  history: 'Historial',
  artistId: 'ID o nombre del artista',
  filter: 'Filtrar',
  allArtists: 'Todos los artistas',
  empty:
    'Todavía no hay ningún aviso. El servicio crea uno cuando un artista tiene 100 reproducciones, 50 «me gusta» o 10 seguimientos en una hora. ' +
    'Esta orden pide uno ahora mismo:',
  emptyOfArtist: id => `Todavía no hay ningún aviso de ${id}. Esta orden pide uno:`,
  kinds: {
    plays: (count, shown) => `${shown} ${count === 1 ? 'reproducción' : 'reproducciones'}`,
    likes: (_count, shown) => `${shown} «me gusta»`,
    follows: (count, shown) => `${shown} ${count === 1 ? 'seguimiento' : 'seguimientos'}`,
  },
  threshold: value => `umbral ${value}`,
  attempts: count => `${count} intentos`,
  statesTitle: 'Qué ha sido del correo',
  states: {
    pending: {
      name: 'En cola',
      meaning:
        'Espera al servidor de correo o a la dirección del artista; se intenta durante un día y después se da por fallido.',
    },
    sent: { name: 'Enviado', meaning: 'El servidor de correo lo ha aceptado.' },
    failed: {
      name: 'Fallido',
      meaning: 'El servidor de correo lo ha rechazado o no ha bastado un día de intentos. No se vuelve a enviar.',
    },
    unknown: {
      name: 'Desconocido',
      meaning: 'La conexión se cortó cuando ya se había entregado. Puede haber llegado, así que no se vuelve a enviar.',
    },
    none: {
      name: 'Sin correo',
      meaning:
        'No hay servidor de correo, no se conoce la dirección o esta ha recibido un correo hace menos de una hora.',
    },
  },
  automatic:
    'Los avisos se crean solos con 100 reproducciones, 50 «me gusta» o 10 seguimientos en una hora. Tras un correo, el artista no recibe otro hasta pasada una hora.',
  cooldownUntilSent: 'Espera: empieza cuando se envíe',
  cooldowns: {
    all: time => `En espera hasta las ${time}`,
    'at-least': time => `En espera al menos hasta las ${time}`,
    automatic: time => `Los avisos automáticos esperan hasta las ${time}`,
  },
  mailServer: 'Servidor de correo',
  servers: {
    ok: { name: 'Responde', meaning: 'Los correos se envían al momento.' },
    failing: { name: 'No responde', meaning: 'Los correos esperan y se reintentan al cabo de entre 1 y 30 minutos.' },
    off: {
      name: 'Sin configurar',
      meaning: 'Sin el ajuste SMTP_HOST, los avisos se anotan y no se envía ningún correo.',
    },
  },
  waiting: (count, shown) => (count === 1 ? 'Espera 1 correo' : `Esperan ${shown} correos`),
}

export const texts = { en, es }
