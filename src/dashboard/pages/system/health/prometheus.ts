/** Reads what `/metrics` says: Prometheus' text format. */

export interface Sample {
  name: string
  labels: Readonly<Record<string, string>>
  value: number
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g
const ESCAPES: Record<string, string> = { n: '\n' }

/** The samples of a text; comments and lines that are no samples are left out. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap(line => {
    const [, name, labels = '', value] = LINE.exec(line) ?? []
    return name === undefined ? [] : [{ name, labels: labelsOf(labels), value: numberOf(value ?? '') }]
  })
}

/** The sum of all samples of a name that have these labels; undefined where there is none. */
export function sumOf(samples: readonly Sample[], name: string, labels: Sample['labels'] = {}): number | undefined {
  const found = samples.filter(
    sample => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}

function labelsOf(text: string): Record<string, string> {
  const pairs = text.matchAll(LABEL).map(([, name = '', value = '']) => [name, unescaped(value)])
  return Object.fromEntries(pairs)
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character)
}

/** Prometheus writes infinity as `+Inf`. */
function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'))
}
