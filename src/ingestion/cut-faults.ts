/** Faults as they are told and kept: in a bounded number of bytes, and with a word where some are missing. */
import { cutText } from '../cut-text.ts'
import type { Fault } from '../errors.ts'

/** Stands last where faults are missing. */
export const FAULTS_CUT: Fault = { path: '', code: 'faults_cut', message: 'more is wrong than is told here' }

/** Characters of a path or a message. */
const MAX_TEXT = 1000
/** A character takes 6 bytes at most, such as `\u0000`; the rest are names and punctuation. */
const CHARACTER_BYTES = 6
const FIELD_BYTES = 40
const CUT_BYTES = 100

/** The faults that fit into so many bytes of JSON, the first one always; `FAULTS_CUT` stands for the others. */
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
