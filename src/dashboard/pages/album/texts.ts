/** Texts of the page of an album. */
const en = { releaseDay: 'Release' }

const es: typeof en = { releaseDay: 'Lanzamiento' }

export const texts = { en, es }
