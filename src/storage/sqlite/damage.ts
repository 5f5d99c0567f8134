/**
 * What is done where damage is noticed. It is written into a small file beside the store, by whichever thread or process
 * notices it: from then on nothing is written, the health says so, and the next start looks through everything first.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreDamaged } from '../storage.ts'
import { asUnavailable, isDamage } from './transaction.ts'

const MARK = 'damage.json'

/** What was noticed first, and when. */
export interface Damage {
  what: string
  noticed: string
  /** What is lost, as far as it was looked for. */
  lost?: string
}

const markOf = (directory: string): string => join(directory, MARK)

/** What was noticed of the store of a directory; null where nothing was. */
export function damageOf(directory: string): Damage | null {
  try {
    return JSON.parse(readFileSync(markOf(directory), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    return { what: `${MARK} can't be read`, noticed: new Date().toISOString() }
  }
}

/** Writes down what was noticed. What was first stays. */
export function markDamaged(directory: string, what: string): void {
  try {
    writeMark(directory, { what, noticed: new Date().toISOString() }, 'wx')
    process.emitWarning(`the store in ${directory} is damaged: ${what}`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // On a disk that can't be written, whoever noticed the damage still hears of it.
    if (code !== 'EEXIST') process.emitWarning(`the store could not be marked as damaged: ${message}`)
  }
}

/** Writes down what the next start found to be lost. */
export function describeDamage(directory: string, lost: string): void {
  const damage = damageOf(directory)
  if (damage) writeMark(directory, { ...damage, lost }, 'w')
}

function writeMark(directory: string, damage: Damage, flag: 'w' | 'wx'): void {
  writeFileSync(markOf(directory), `${JSON.stringify(damage)}\n`, { flag })
}

export function removeMark(directory: string): void {
  rmSync(markOf(directory), { force: true })
}

/** Runs what uses a store, and notices where it turns out to be damaged. */
export class DamageWatch {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** @throws StoreDamaged @throws StoreUnavailable */
  read<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const what = damageIn(error)
      if (what === null) throw asUnavailable(error)
      markDamaged(this.#directory, what)
      throw new StoreDamaged(what)
    }
  }

  /** As `read`, but does nothing where damage was noticed before: writing would spread it. */
  write<T>(work: () => T): T {
    // A look at the folder costs some microseconds; a write costs hundreds.
    if (existsSync(markOf(this.#directory))) throw new StoreDamaged(damageOf(this.#directory)?.what ?? 'see above')
    return this.read(work)
  }
}

/**
 * What an error says of damage; null where it is another one. A false alarm does no harm: the next start finds nothing.
 */
export function damageIn(error: unknown): string | null {
  if (error instanceof StoreDamaged) return error.what
  return isDamage(error) ? (error as Error).message.replaceAll('\n', ' ') : null
}

/** Undefined where what was to be read is damaged. */
export function orDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (damageIn(error) === null) throw error
    return undefined
  }
}
