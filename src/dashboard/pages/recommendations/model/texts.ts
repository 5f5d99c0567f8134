/** Texts of the model of recommendations. */
const en = {
  model: 'The model',
  modelNote: 'What it has learned of what listeners have in common, and how good it is',
  noModel: 'No model yet',
  whatItTakes:
    'It is trained by itself once there are 1,000 events, at least 100 listeners with two items of a kind, and 1,000 pairs of a listener and an item.',
  version: (version: string) => `Version ${version}`,
  trained: (at: string, seconds: string) => `Trained on ${at} in ${seconds} s`,
  training: 'A new one is being trained',
  failed: (at: string) => `The last training failed${at && ` on ${at}`}`,
  oldStays: 'The model before it stays in use.',
  trainedFrom:
    'What it was trained from: the listeners, what they heard, liked, followed or bought, and the pairs of both',
  kind: 'Of',
  kinds: { artist: 'Artists', album: 'Albums', track: 'Tracks' },
  counts: { listeners: 'Listeners', items: 'Items', pairs: 'Pairs', dimensions: 'Dimensions' },
  tooFew: 'None: too few listeners or pairs',
  noEvaluation: 'It has not been evaluated yet: that comes after a training, and takes at least two days of events.',
  evaluation: (from: string) =>
    `How well the same training, without the days from ${from} on, foretold what listeners first heard in them, beside a list of what most people play`,
  tested: (listeners: string) => `${listeners} listeners`,
  measure: 'Measure',
  methods: { model: 'Model', popularity: 'Popular' },
  measures: {
    ndcgAt10: 'Hits near the top',
    recallAt20: 'Found in the first 20',
    coverageAt10: 'Catalogue that reaches somebody',
    listenersAt10: 'Listeners of what is recommended',
  },
}

const es: typeof en = {
  model: 'El modelo',
  modelNote: 'Lo que ha aprendido de lo que los oyentes tienen en común y cómo de bueno es',
  noModel: 'Aún no hay modelo',
  whatItTakes:
    'Se entrena solo cuando hay 1.000 eventos, al menos 100 oyentes con dos cosas de un tipo y 1.000 pares de oyente y cosa.',
  version: version => `Versión ${version}`,
  trained: (at, seconds) => `Entrenado el ${at} en ${seconds} s`,
  training: 'Se está entrenando uno nuevo',
  failed: at => `El último entrenamiento falló${at && ` el ${at}`}`,
  oldStays: 'Se sigue usando el modelo anterior.',
  trainedFrom:
    'Con qué se entrenó: los oyentes, lo que escucharon, marcaron, siguieron o compraron y los pares de ambos',
  kind: 'De',
  kinds: { artist: 'Artistas', album: 'Álbumes', track: 'Canciones' },
  counts: { listeners: 'Oyentes', items: 'Cosas', pairs: 'Pares', dimensions: 'Dimensiones' },
  tooFew: 'Ninguno: pocos oyentes o pares',
  noEvaluation: 'Aún no se ha evaluado: se hace después de entrenar y hacen falta al menos dos días de eventos.',
  evaluation: from =>
    `Cómo de bien anticipó el mismo entrenamiento, sin los días desde el ${from}, lo que los oyentes escucharon en ellos por primera vez, junto a una lista de lo más escuchado`,
  tested: listeners => `${listeners} oyentes`,
  measure: 'Medida',
  methods: { model: 'Modelo', popularity: 'Popular' },
  measures: {
    ndcgAt10: 'Aciertos arriba',
    recallAt20: 'Encontrado en las 20 primeras',
    coverageAt10: 'Catálogo que llega a alguien',
    listenersAt10: 'Oyentes de lo recomendado',
  },
}

export const texts = { en, es }
