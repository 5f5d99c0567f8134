/** The rules that an event breaks: a list with an end while it is parsed, cut again where it is shown or kept. */
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'
import { MAX_ID_LENGTH } from './bounds.ts'

/** Stands last where faults are missing. */
const FAULTS_CUT: Fault = { path: '', code: 'faults_cut', message: 'more is wrong than is told here' }

/** Faults of one event, `FAULTS_CUT` among them: an answer and a dead letter stay small, whatever is sent. */
const MAX_FAULTS = 100
/** Characters of a path, of which the beginning and the end are kept where it is longer. */
const MAX_PATH = 600

export class FaultList {
  readonly all: Fault[] = []
  #charactersLeft: number

  /** `maxCharacters`: of paths and messages; the fault that exceeds it is the last one before `FAULTS_CUT`. */
  constructor(maxCharacters = Number.POSITIVE_INFINITY) {
    this.#charactersLeft = maxCharacters
  }

  /** Adds a fault of the field `key` of the object at `parent`. */
  add(parent: string, key: string, code: string, message: string): void {
    const { all } = this
    if (all.at(-1) === FAULTS_CUT) return
    if (all.length === MAX_FAULTS - 1 || this.#charactersLeft < 0) {
      all.push(FAULTS_CUT)
      return
    }
    const path = joinPath(parent, key)
    this.#charactersLeft -= path.length + message.length
    all.push({ path, code, message })
  }
}

/** `metadata` and `price` make `metadata.price`; long names and paths are cut, with `…` where characters are missing. */
export function joinPath(parent: string, key: string): string {
  const name = key.length > MAX_ID_LENGTH ? `${cutText(key.slice(0, 2 * MAX_ID_LENGTH), MAX_ID_LENGTH)}…` : key
  const path = (parent && name ? `${parent}.${name}` : parent || name).toWellFormed()
  if (path.length <= MAX_PATH) return path
  return `${cutText(path, MAX_ID_LENGTH)}…${path.slice(-MAX_ID_LENGTH)}`.toWellFormed()
}

/** Characters of a path or a message where faults are cut. */
const MAX_TEXT = 1000
/** A character takes 6 bytes of JSON at most, such as `\u0000`; the rest are names and punctuation. */
const CHARACTER_BYTES = 6
const FIELD_BYTES = 40
const CUT_BYTES = 100

/** The faults that fit into so many bytes of JSON, at least the first one; `FAULTS_CUT` stands for the others. */
export function cutFaults(faults: readonly Fault[], maxBytes: number): readonly Fault[] {
  if (faults.reduce((sum, fault) => sum + mostBytes(fault), 0) <= maxBytes) return faults
  const kept: Fault[] = []
  let left = maxBytes - CUT_BYTES
  for (const { path, code, message } of faults) {
    const fault = { path: cutText(path, MAX_TEXT), code, message: cutText(message, MAX_TEXT) }
    left -= Buffer.byteLength(JSON.stringify(fault)) + 1
    if (left < 0 && kept.length > 0) return [...kept, FAULTS_CUT]
    kept.push(fault)
  }
  return kept
}

function mostBytes({ path, code, message }: Fault): number {
  return CHARACTER_BYTES * (path.length + message.length) + code.length + FIELD_BYTES
}
