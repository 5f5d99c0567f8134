/** What a benchmark found: printed as it goes, and kept in `results.md`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { machine } from './machine.ts'

const FILE = join(import.meta.dirname, 'results.md')
const HEADINGS = ['what', 'measured', 'bar', '']
const INTRODUCTION =
  '# Benchmark results\n\nWritten by `npm run bench`; see the files of this folder for what is measured.\n'

/** What the issue asks for. */
export type Bar = { atLeast: number } | { atMost: number }

export class Report {
  readonly name: string
  readonly title: string
  #rows: string[][] = []
  #load = loadavg()[0]!

  constructor(name: string, title: string) {
    this.name = name
    this.title = title
    console.log(`\n== ${name}: ${title}`)
  }

  /** Something measured that has no bar. */
  note(what: string, value: string): void {
    this.#add(what, value, '', '')
  }

  /** Something measured against a bar; `shown` is how it is written, with its baseline. */
  judge(what: string, value: number, bar: Bar, shown: string): void {
    const passed = 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost
    const wanted = 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`
    this.#add(what, shown, wanted, passed ? 'pass' : 'MISS')
  }

  /** Puts the section in the place of the one of an earlier run. */
  save(size: string): void {
    const others = `load average at its start ${this.#load.toFixed(1)}`
    const head = `## ${this.name}: ${this.title}\n\n${new Date().toISOString().slice(0, 10)}, ${size}, ${others}; ${machine()}.\n`
    const sections = readSections()
    sections.set(this.name, `${head}\n${table([HEADINGS, ...this.#rows])}\n`)
    const sorted = [...sections].sort(([a], [b]) => a.localeCompare(b)).map(([, section]) => section)
    writeFileSync(FILE, [INTRODUCTION, ...sorted].join('\n'))
  }

  #add(...cells: string[]): void {
    this.#rows.push(cells)
    console.log(cells.filter(Boolean).join('  ·  '))
  }
}

/** In columns, as the project's formatter wants it. */
function table(rows: readonly string[][]): string {
  const widths = HEADINGS.map((_, column) => Math.max(3, ...rows.map(row => row[column]!.length)))
  const line = (cells: readonly string[], filler: string) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, filler)).join(' | ')} |`
  const [head, ...body] = rows.map(row => line(row, ' '))
  return [head, line(['', '', '', ''], '-'), ...body].join('\n')
}

function readSections(): Map<string, string> {
  if (!existsSync(FILE)) return new Map()
  const sections = readFileSync(FILE, 'utf8')
    .split(/^(?=## )/m)
    .slice(1)
  return new Map(sections.map(section => [/^## (\w+)/.exec(section)![1]!, `${section.trimEnd()}\n`]))
}

/** Thousands apart. */
export const whole = (value: number): string => Math.round(value).toLocaleString('en')

export const perSecond = (count: number, seconds: number): string => `${whole(count / seconds)}/s`

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
