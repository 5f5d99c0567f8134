/** Texts of the cache. */
const en = {
  cache: 'Cache',
  note: 'Rankings, recommendations and what the catalogue said.',
  clear: 'Clear',
  cleared: 'The cache is empty. It fills as the service is asked.',
  question: 'Clear the cache?',
  questionNote:
    'All entries are forgotten. No figure is lost; the next answers take longer, and the catalogue is asked more.',
  entries: 'Entries',
  most: (count: string) => `of ${count} at most`,
  hits: 'Answered from it',
  asked: (count: string) => `of ${count} questions`,
  age: 'Kept for',
  ageNote: 'of the catalogue',
  keys: (count: string) => `The last ${count} entries used`,
}

const es: typeof en = {
  cache: 'Caché',
  note: 'Listas, recomendaciones y lo que dijo el catálogo.',
  clear: 'Vaciar',
  cleared: 'La caché está vacía. Se llena a medida que se pregunta al servicio.',
  question: '¿Vaciar la caché?',
  questionNote:
    'Se olvidan todas las entradas. No se pierde ninguna cifra; las próximas respuestas tardan más y se pregunta más al catálogo.',
  entries: 'Entradas',
  most: count => `de ${count} como máximo`,
  hits: 'Respondidas con ella',
  asked: count => `de ${count} preguntas`,
  age: 'Se guardan',
  ageNote: 'las del catálogo',
  keys: count => `Las últimas ${count} entradas usadas`,
}

export const texts = { en, es }
