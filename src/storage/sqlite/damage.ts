/**
 * Marks a damaged store. Whichever thread or process notices damage writes a small file beside the store. From then on
 * nothing is written to the store, the health endpoint reports it, and the next start checks everything first.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreDamaged } from '../storage.ts'
import { asUnavailable, isDamage } from './transaction.ts'

const MARK = 'damage.json'

/** The damage that was noticed first. */
export interface Damage {
  what: string
  /** When, as ISO 8601. */
  noticed: string
  /** What is lost; absent until a start has looked for it. */
  lost?: string
}

const markOf = (directory: string): string => join(directory, MARK)

/** The damage that was noticed of the store in a directory; null where there is none. */
export function damageOf(directory: string): Damage | null {
  try {
    return JSON.parse(readFileSync(markOf(directory), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    return { what: `${MARK} can't be read`, noticed: new Date().toISOString() }
  }
}

/** Marks the store in a directory as damaged. An earlier mark stays. */
export function markDamaged(directory: string, what: string): void {
  try {
    writeMark(directory, { what, noticed: new Date().toISOString() }, 'wx')
    process.emitWarning(`the store in ${directory} is damaged: ${what}`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // The caller throws the error that it noticed all the same.
    if (code !== 'EEXIST') process.emitWarning(`the store could not be marked as damaged: ${message}`)
  }
}

/** Adds to the mark what is lost, which the next start finds out. */
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

/** Runs work on a store, and marks the store where the work finds damage. */
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

  /** As `read`, but throws where damage was noticed before, because writing would spread it. */
  write<T>(work: () => T): T {
    // This look at the folder costs some microseconds, a write hundreds.
    if (existsSync(markOf(this.#directory))) throw new StoreDamaged(damageOf(this.#directory)?.what ?? 'see above')
    return this.read(work)
  }
}

/**
 * The damage that an error reports; null where it reports none. A false alarm does no harm, because the next start then
 * finds nothing.
 */
export function damageIn(error: unknown): string | null {
  if (error instanceof StoreDamaged) return error.what
  return isDamage(error) ? (error as Error).message.replaceAll('\n', ' ') : null
}

/** Returns what `read` does, or undefined where it finds damage. */
export function orDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (damageIn(error) === null) throw error
    return undefined
  }
}
