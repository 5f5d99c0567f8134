/** Reads single settings and collects what is wrong with them, so that one message names all faults. */

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

  /**
   * The values of a list: comma-separated, or a JSON array of texts as Python's settings write it. An empty value is none;
   * a list of nothing or with a blank in it (`,` or a variable that was empty) is a fault, for something was wanted.
   */
  list<T>(name: string, parse: (text: string) => Parsed<T>, otherwise: readonly T[] = []): readonly T[] {
    const text = this.#env[name]
    if (!text) return otherwise
    const parts = (jsonTexts(text.trim()) ?? text.split(',')).map(part => part.trim())
    if (parts.every(part => part === '')) {
      this.fault(name, 'is a list of nothing: name at least one, or leave it empty')
      return otherwise
    }
    const values = new Set<T>()
    const rules = new Set<string>()
    for (const part of parts) {
      const parsed = part === '' ? { rule: 'holds a blank in its list' } : parse(part)
      if ('value' in parsed) values.add(parsed.value)
      else rules.add(parsed.rule)
    }
    for (const rule of rules) this.fault(name, rule)
    return [...values]
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

export function parseSwitch(text: string): Parsed<boolean> {
  if (/^(on|true|yes)$/i.test(text)) return { value: true }
  if (/^(off|false|no)$/i.test(text)) return { value: false }
  return { rule: 'must be on or off' }
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
