/** Texts of the lists of what was played most. */
import type { Sort } from './sorts.ts'

const en = {
  titles: { tracks: 'Top tracks', albums: 'Top albums' },
  heads: { tracks: 'Track', albums: 'Album' },
  by: { plays: 'Plays', listeners: 'Listeners', likes: 'Likes', growth: 'Growth' } satisfies Record<Sort, string>,
  /** Heads of narrow columns. */
  short: { plays: 'Plays', listeners: 'Listeners', likes: 'Likes' },
  order: 'Order',
  change: 'Change',
  empty: { tracks: 'No track was played in this range.', albums: 'No album was played in this range.' },
  unnamed: {
    tracks: (plays: string) => `${plays} plays name no track`,
    albums: (plays: string) => `${plays} plays name no album`,
  },
  nextOrder: { tracks: 'The next order of tracks', albums: 'The next order of albums' },
}

const es: typeof en = {
  titles: { tracks: 'Canciones más escuchadas', albums: 'Álbumes más escuchados' },
  heads: { tracks: 'Canción', albums: 'Álbum' },
  by: { plays: 'Reproducciones', listeners: 'Oyentes', likes: 'Me gusta', growth: 'En alza' },
  short: { plays: 'Repr.', listeners: 'Oyentes', likes: 'Me gusta' },
  order: 'Orden',
  change: 'Cambio',
  empty: {
    tracks: 'Ninguna canción ha sonado en este periodo.',
    albums: 'Ningún álbum ha sonado en este periodo.',
  },
  unnamed: {
    tracks: plays => `${plays} reproducciones no nombran ninguna canción`,
    albums: plays => `${plays} reproducciones no nombran ningún álbum`,
  },
  nextOrder: { tracks: 'El siguiente orden de las canciones', albums: 'El siguiente orden de los álbumes' },
}

export const texts = { en, es }
