/** What each figure means, in words that clients can show beside it, made of the constants that the code counts by. */
import { createHash } from 'node:crypto'
import { SECOND_MS } from '../units.ts'
import { SHRINKAGE } from './ranking.ts'

/** The same in Spanish and in English. */
export interface Texts {
  es: string
  en: string
}

export const UNITS = [
  'plays',
  'listeners',
  'likes',
  'follows',
  'order lines',
  'money',
  'artists',
  'tracks',
  'per cent',
  'position',
  'weeks',
  'score',
] as const

export interface Definition {
  /** The field of the answers. */
  figure: string
  name: Texts
  unit: (typeof UNITS)[number]
  /** How it is counted, in one sentence. */
  rule: Texts
  /** What is not counted; empty where all is. */
  excluded: readonly Texts[]
  /** The setting that changes the rule, and its value; null where none does. */
  setting: { name: string; value: string } | null
}

export interface Definitions {
  /** Changes with any definition, and with any setting that one names. */
  version: string
  items: readonly Definition[]
}

/** The settings that figures depend on. */
export interface CountingSettings {
  /** ISO 4217. */
  defaultCurrency: string
  /** A play that was shorter, in milliseconds, and shorter than half of the track, is a skip. */
  playMinMs: number
}

export function definitionsOf(settings: CountingSettings): Definitions {
  const items = [...eventFigures(settings), ...listenerFigures(), ...comparedFigures()]
  const version = createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 12)
  return { version, items }
}

const text = (es: string, en: string): Texts => ({ es, en })

const NO_SETTING = null

const ANONYMOUS = text('Las reproducciones anónimas.', 'Anonymous plays.')

function eventFigures({ defaultCurrency, playMinMs }: CountingSettings): Definition[] {
  const playMinSeconds = playMinMs / SECOND_MS
  const skips = text(
    `Las reproducciones de menos de ${playMinSeconds} s y de menos de la mitad de la pista.`,
    `Plays of less than ${playMinSeconds} s and less than half of the track.`,
  )
  return [
    {
      figure: 'plays',
      name: text('Reproducciones', 'Plays'),
      unit: 'plays',
      rule: text(
        'Cada reproducción cuenta una vez, en el momento en que ocurrió, para cada artista que el evento nombra.',
        'Each play counts once, at the time at which it happened, for each artist that the event names.',
      ),
      excluded: [skips],
      setting: { name: 'PLAY_MIN_SECONDS', value: String(playMinSeconds) },
    },
    {
      figure: 'likes',
      name: text('Me gusta', 'Likes'),
      unit: 'likes',
      rule: text(
        'Los me gusta menos los retirados, nunca bajo cero.',
        'Likes minus those taken back, never below zero.',
      ),
      excluded: [],
      setting: NO_SETTING,
    },
    {
      figure: 'follows',
      name: text('Seguidores nuevos', 'Follows'),
      unit: 'follows',
      rule: text(
        'Los seguimientos menos los retirados, nunca bajo cero.',
        'Follows minus those taken back, never below zero.',
      ),
      excluded: [],
      setting: NO_SETTING,
    },
    {
      figure: 'purchases',
      name: text('Compras', 'Purchases'),
      unit: 'order lines',
      rule: text(
        'Las líneas de pedidos pagados menos las devueltas; un pedido sin líneas es una.',
        'Lines of paid orders minus those refunded; an order without lines is one.',
      ),
      excluded: [
        text('Los reembolsos parciales, que solo restan ingresos.', 'Partial refunds, which only reduce revenue.'),
      ],
      setting: NO_SETTING,
    },
    {
      figure: 'revenue',
      name: text('Ingresos', 'Revenue'),
      unit: 'money',
      rule: text(
        `Lo cobrado menos lo reembolsado, en ${defaultCurrency}, repartido entre los artistas de cada línea al céntimo.`,
        `What was paid minus what was refunded, in ${defaultCurrency}, split among the artists of each line to the minor unit.`,
      ),
      excluded: [
        text(
          'Los importes en otras monedas, que están en revenueByCurrency.',
          'Amounts in other currencies, which are in revenueByCurrency.',
        ),
      ],
      setting: { name: 'DEFAULT_CURRENCY', value: defaultCurrency },
    },
  ]
}

function listenerFigures(): Definition[] {
  return [
    {
      figure: 'uniqueListeners',
      name: text('Oyentes únicos', 'Unique listeners'),
      unit: 'listeners',
      rule: text(
        'Los oyentes conocidos distintos de las reproducciones contadas en todo el periodo, contados exactamente.',
        'Different known listeners of the counted plays of the whole period, counted exactly.',
      ),
      excluded: [ANONYMOUS],
      setting: NO_SETTING,
    },
    {
      figure: 'activeArtists',
      name: text('Artistas activos', 'Active artists'),
      unit: 'artists',
      rule: text(
        'Los artistas distintos, y los nombres sin artista conocido, con al menos una reproducción contada.',
        'Different artists, and names of no known artist, with at least one counted play.',
      ),
      excluded: [text('Los álbumes que no son de nadie.', 'Albums that belong to nobody.')],
      setting: NO_SETTING,
    },
    {
      figure: 'activeTracks',
      name: text('Pistas activas', 'Active tracks'),
      unit: 'tracks',
      rule: text(
        'Las pistas distintas con al menos una reproducción contada.',
        'Different tracks with at least one counted play.',
      ),
      excluded: [text('Las reproducciones que no nombran una pista.', 'Plays that name no track.')],
      setting: NO_SETTING,
    },
  ]
}

function comparedFigures(): Definition[] {
  return [
    {
      figure: 'change',
      name: text('Cambio', 'Change'),
      unit: 'per cent',
      rule: text(
        'La diferencia con el periodo anterior en por ciento de este, con dos decimales; nada donde antes no había nada.',
        'The difference from the earlier range in per cent of that, with two decimals; null where there was nothing before.',
      ),
      excluded: [],
      setting: NO_SETTING,
    },
    {
      figure: 'score',
      name: text('Crecimiento', 'Growth'),
      unit: 'score',
      rule: text(
        `(ahora − antes) / √(ahora + antes + ${SHRINKAGE}): cuán seguro es el crecimiento, no cuán grande.`,
        `(now − before) / √(now + before + ${SHRINKAGE}): how sure the growth is, not how large.`,
      ),
      excluded: [],
      setting: NO_SETTING,
    },
  ]
}
