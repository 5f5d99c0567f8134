/** The memory of a process, as Linux tells it. */
import { readFileSync } from 'node:fs'

export interface Memory {
  /** Now. */
  residentMb: number
  /** The most since its start. */
  peakMb: number
}

/** @throws Error where there is no such process */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const field = (name: string) => {
    const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status) ?? []
    // A process that has ended and was not waited for yet has a status without them.
    if (kilobytes === undefined) throw new Error(`process ${pid} has no memory`)
    return Number(kilobytes) / 1024
  }
  return { residentMb: field('VmRSS'), peakMb: field('VmHWM') }
}
