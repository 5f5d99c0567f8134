/** Reads single settings and collects what is wrong with them, so that all faults can be told at once. */

/** A setting that breaks its rule: `PORT` `must be …`. */
export interface SettingFault {
  setting: string
  rule: string
}

/** What a parser makes of a text. */
export type Parsed<T> = { value: T } | { rule: string }

export class SettingsReader {
  readonly faults: SettingFault[] = []
  readonly #env: NodeJS.ProcessEnv

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  fault(setting: string, rule: string): void {
    this.faults.push({ setting, rule })
  }

  /** The trimmed value; null where it is absent or empty. */
  text(name: string): string | null {
    return this.#env[name]?.trim() || null
  }

  /** What `parse` makes of the value; null where it is absent, or wrong, which is noted. */
  parsed<T>(name: string, parse: (text: string) => Parsed<T>): T | null {
    const text = this.text(name)
    if (text === null) return null
    const parsed = parse(text)
    if ('value' in parsed) return parsed.value
    this.fault(name, parsed.rule)
    return null
  }

  /** The values of a list: comma-separated, or a JSON array of texts as Python's settings write it. */
  list<T>(name: string, parse: (text: string) => Parsed<T>, otherwise: readonly T[] = []): readonly T[] {
    const text = this.text(name) ?? ''
    const parts = jsonTexts(text) ?? text.split(',')
    const texts = parts.map(part => part.trim()).filter(part => part !== '')
    if (texts.length === 0) return otherwise
    const values: T[] = []
    for (const parsed of texts.map(parse)) {
      if ('value' in parsed) values.push(parsed.value)
      else this.fault(name, parsed.rule)
    }
    return values
  }

  integer(name: string, otherwise: number, min: number, max: number): number {
    const rule = `must be a whole number from ${min} to ${max}`
    return this.parsed(name, text => inRange(/^\d{1,15}$/.test(text), Number(text), min, max, rule)) ?? otherwise
  }

  decimal(name: string, otherwise: number, min: number, max: number): number {
    const rule = `must be a number from ${min} to ${max}`
    return (
      this.parsed(name, text => inRange(/^\d{1,15}(\.\d+)?$/.test(text), Number(text), min, max, rule)) ?? otherwise
    )
  }
}

/** The texts of a JSON array; undefined where it is none. */
function jsonTexts(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    const values: unknown = JSON.parse(text)
    return Array.isArray(values) && values.every(value => typeof value === 'string') ? values : undefined
  } catch {
    return undefined
  }
}

function inRange(wellFormed: boolean, value: number, min: number, max: number, rule: string): Parsed<number> {
  return wellFormed && value >= min && value <= max ? { value } : { rule }
}
