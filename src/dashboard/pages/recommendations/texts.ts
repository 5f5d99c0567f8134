/** Texts of the page of recommendations. */
const en = {
  note: 'What the service suggests to a listener, and why; how it learns that, and what becomes of it.',
}

const es: typeof en = {
  note: 'Qué propone el servicio a un oyente y por qué; cómo lo aprende y qué resulta de ello.',
}

export const texts = { en, es }
