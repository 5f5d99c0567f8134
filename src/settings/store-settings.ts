/** Settings of the store, and of what counts in it. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { currencyDecimals } from '../currencies.ts'
import { folderFault } from '../files.ts'
import { readMongo } from './mongo-settings.ts'
import type { Parsed, SettingsReader } from './settings-reader.ts'

export interface StoreSettings {
  /** The folder of the embedded store, or of this instance's replica of MongoDB's log. */
  dataDir: string
  /** What DuckDB may use for the figures: memory such as `192MB`, and threads. */
  figures: { memory: string; threads: number }
  /** null: the embedded store. */
  mongo: { uri: string; database: string } | null
  /** ISO 4217, upper case. */
  defaultCurrency: string
  playMinMs: number
  deadLetterMax: number
  /** How many plays of one listener, of a track and UTC day, count in rankings; null: all. */
  chartPlaysPerListener: number | null
}

export function readStore(read: SettingsReader): StoreSettings {
  return {
    mongo: readMongo(read),
    dataDir: read.parsed('DATA_DIR', parseFolder) ?? './data',
    figures: {
      memory: read.parsed('FIGURES_MEMORY', parseMemory) ?? '192MB',
      threads: read.integer('FIGURES_THREADS', Math.min(4, availableParallelism()), 1, 64),
    },
    defaultCurrency: read.parsed('DEFAULT_CURRENCY', parseCurrency) ?? 'EUR',
    playMinMs: Math.round(read.decimal('PLAY_MIN_SECONDS', 30, 0, 86_400) * 1000),
    deadLetterMax: read.integer('DEAD_LETTER_MAX', 10_000, 1, 10_000_000),
    chartPlaysPerListener: readChartLimit(read),
  }
}

const CHART_LIMIT = 50
const MAX_CHART_LIMIT = 1_000_000

function readChartLimit(read: SettingsReader): number | null {
  const limit = read.parsed<number | 'off'>('CHART_PLAYS_PER_LISTENER', text => {
    if (/^off$/i.test(text)) return { value: 'off' }
    const isLimit = /^[1-9]\d{0,6}$/.test(text) && Number(text) <= MAX_CHART_LIMIT
    return isLimit ? { value: Number(text) } : { rule: `must be a whole number from 1 to ${MAX_CHART_LIMIT}, or off` }
  })
  return limit === 'off' ? null : (limit ?? CHART_LIMIT)
}

/** SQLite takes paths of 512 bytes, and the names of the files in the folder are part of theirs. */
const LONGEST_PATH = 400

function parseFolder(text: string): Parsed<string> {
  if (text.includes('\0')) return { rule: 'must not contain a NUL character' }
  const path = resolve(text)
  if (Buffer.byteLength(path) > LONGEST_PATH) return { rule: `must be ${LONGEST_PATH} bytes long at most, in full` }
  const fault = folderFault(path)
  return fault === null ? { value: text } : { rule: fault }
}

/** DuckDB itself fails with less than some 64 MB. */
function parseMemory(text: string): Parsed<string> {
  const [, amount, unit] = /^(\d{1,6})\s*([MG])I?B$/i.exec(text) ?? []
  const megabytes = Number(amount) * (unit?.toUpperCase() === 'G' ? 1_000 : 1)
  return megabytes >= 64
    ? { value: `${megabytes}MB` }
    : { rule: 'must be an amount of memory from 64MB on, such as 192MB or 2GB' }
}

function parseCurrency(text: string): Parsed<string> {
  const code = text.toUpperCase()
  return currencyDecimals(code) !== undefined
    ? { value: code }
    : { rule: 'must be a currency code of ISO 4217, such as EUR' }
}
