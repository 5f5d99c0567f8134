/** Texts of dead letters and of events that were set aside. */
const en = {
  deadLetters: 'Dead letters',
  note: 'Events that were refused. They are kept with what is wrong with them, to be repaired and sent again.',
  reason: 'Reason',
  all: 'all',
  none: 'No event was refused. This command sends one that will be, for its type is mistyped:',
  noneOf: (reason: string) => `There is no dead letter of the reason ${reason}.`,
  choosePage: 'Choose this page',
  choose: (id: string) => `Choose ${id}`,
  chosen: {
    replay: (count: string) => `Replay ${count} chosen`,
    delete: (count: string) => `Delete ${count} chosen…`,
  },
  whole: {
    replay: (count: string) => `Replay all ${count}`,
    delete: (count: string) => `Delete all ${count}…`,
  },
  event: 'The event as it came',
  wholeEvent: 'The event',
  faults: 'What is wrong',
  faultsOfRepair: 'What is wrong with the repaired one',
  cut: 'This is only its beginning: it was too long to be kept. It can be sent again only with an event in its place.',
  setAsideRepair:
    'It stays in the log as it is. A repaired one gets an id of its own, which ends in “:repaired”. Deleting this letter deletes no event.',
  repair: 'Repair',
  replayAsIs: 'Replay as it is',
  delete: 'Delete',
  repairedEvent: 'The repaired event, as JSON',
  noJson: (why: string) => `This is not JSON: ${why}`,
  replayRepaired: 'Replay the repaired one',
  discard: 'Discard the changes',
  working: 'Being done.',
  progress: (done: string, total: string) => `${done} of ${total} are done.`,
  stop: 'Stop',
  deleted: (count: number, shown: string) =>
    count === 1 ? '1 dead letter was deleted.' : `${shown} dead letters were deleted.`,
  replayed: (count: number, [replayed, accepted, duplicates, rejected]: string[]) =>
    `${replayed} ${count === 1 ? 'was' : 'were'} replayed: ${accepted} accepted, ${duplicates} already in the log, ${rejected} refused again.`,
  deleteQuestion: (count: number, shown: string) =>
    count === 1 ? 'Delete 1 dead letter?' : `Delete ${shown} dead letters?`,
  andMore: (count: string) => `and ${count} more`,
  ofReason: (reason: string) => `All of the reason ${reason}, those that come until then too.`,
  ofAllReasons: 'All of them, whatever their reason, those that come until then too.',
  deleteNote: 'Nothing brings them back.',
  setAside: 'Events that were set aside',
  setAsideNote:
    'They were accepted and are in the log, but no figure can contain them, such as one of the year 9999. Each has a dead letter that says why.',
  noneSetAside: 'The figures contain every event of the log.',
  areSetAside: (count: number, shown: string) =>
    count === 1 ? '1 event is in no figure' : `${shown} events are in no figure`,
  showSetAside: 'Show among the dead letters',
}

const es: typeof en = {
  deadLetters: 'Eventos rechazados',
  note: 'Se guardan con lo que está mal en ellos, para repararlos y volver a enviarlos.',
  reason: 'Motivo',
  all: 'todos',
  none: 'No se ha rechazado ningún evento. Esta orden envía uno que lo será, porque su tipo tiene una errata:',
  noneOf: reason => `No hay eventos rechazados con el motivo ${reason}.`,
  choosePage: 'Elegir esta página',
  choose: id => `Elegir ${id}`,
  chosen: {
    replay: count => `Reenviar ${count} elegidos`,
    delete: count => `Eliminar ${count} elegidos…`,
  },
  whole: {
    replay: count => `Reenviar todos (${count})`,
    delete: count => `Eliminar todos (${count})…`,
  },
  event: 'El evento tal como llegó',
  wholeEvent: 'El evento',
  faults: 'Qué está mal',
  faultsOfRepair: 'Qué está mal en el reparado',
  cut: 'Esto es solo el principio: era demasiado largo para guardarlo. Solo se puede reenviar con otro evento en su lugar.',
  setAsideRepair:
    'Sigue en el registro tal cual. Uno reparado recibe un ID propio, que acaba en «:repaired». Eliminar esta entrada no elimina ningún evento.',
  repair: 'Reparar',
  replayAsIs: 'Reenviar tal cual',
  delete: 'Eliminar',
  repairedEvent: 'El evento reparado, en JSON',
  noJson: why => `Esto no es JSON: ${why}`,
  replayRepaired: 'Reenviar el reparado',
  discard: 'Descartar los cambios',
  working: 'En curso.',
  progress: (done, total) => `${done} de ${total} hechos.`,
  stop: 'Parar',
  deleted: (count, shown) =>
    count === 1 ? 'Se ha eliminado 1 evento rechazado.' : `Se han eliminado ${shown} eventos rechazados.`,
  replayed: (count, [replayed, accepted, duplicates, rejected]) =>
    `${count === 1 ? 'Se ha reenviado' : 'Se han reenviado'} ${replayed}: ${accepted} aceptados, ${duplicates} ya registrados, ${rejected} rechazados de nuevo.`,
  deleteQuestion: (count, shown) =>
    count === 1 ? '¿Eliminar 1 evento rechazado?' : `¿Eliminar ${shown} eventos rechazados?`,
  andMore: count => `y ${count} más`,
  ofReason: reason => `Todos los del motivo ${reason}, también los que lleguen hasta entonces.`,
  ofAllReasons: 'Todos, sea cual sea su motivo, también los que lleguen hasta entonces.',
  deleteNote: 'No se pueden recuperar.',
  setAside: 'Eventos apartados',
  setAsideNote:
    'Se aceptaron y están en el registro, pero ninguna cifra puede contenerlos, como uno del año 9999. Cada uno tiene un evento rechazado que dice por qué.',
  noneSetAside: 'Las cifras contienen todos los eventos del registro.',
  areSetAside: (count, shown) =>
    count === 1 ? '1 evento no está en ninguna cifra' : `${shown} eventos no están en ninguna cifra`,
  showSetAside: 'Ver entre los rechazados',
}

export const texts = { en, es }
