/** The clock of the service, which jumps: with libfaketime, where it is installed. Its monotonic clock stays true. */
import { globSync, renameSync, writeFileSync } from 'node:fs'
import { pause } from './pause.ts'
import { oneOf, type Run } from './run.ts'

const LIBRARIES = ['/usr/lib/*/faketime/libfaketimeMT.so.1', '/usr/{lib,lib64,local/lib}/faketime/libfaketimeMT.so.1']

const HOUR_S = 3600
/**
 * Seconds off the true time. No further back than events may be ahead, for to the service that is what those of the last
 * hour are then.
 */
const OFFSETS = [0, 60, -60, HOUR_S, -HOUR_S, -12 * HOUR_S, 24 * HOUR_S, 24 * HOUR_S, 7 * 24 * HOUR_S]
const PAUSE_MS = 8_000

export class Clock {
  /** What the environment of the service has to have; empty where its clock can't be moved. */
  readonly env: NodeJS.ProcessEnv
  /** Whether libfaketime is installed. */
  readonly isMovable: boolean
  readonly #file: string

  /** `file`: holds the offset, and is written anew for each jump. */
  constructor(file: string) {
    this.#file = file
    const library = LIBRARIES.flatMap(pattern => globSync(pattern))[0]
    this.isMovable = library !== undefined
    this.set(0)
    this.env = library === undefined ? {} : fakedBy(library, file)
  }

  /** Seconds off the true time, from a second from now at the latest. */
  set(offset: number): void {
    // It is read at any time.
    writeFileSync(`${this.#file}.new`, `${offset < 0 ? '' : '+'}${offset}\n`)
    renameSync(`${this.#file}.new`, this.#file)
  }

  async jump(run: Run): Promise<void> {
    while (this.isMovable && !run.ending.aborted) {
      await pause(2 * PAUSE_MS * run.random.unit(), run.ending)
      this.set(oneOf(OFFSETS, run.random))
      run.faults.add('clock jump')
    }
    this.set(0)
  }
}

function fakedBy(library: string, file: string): NodeJS.ProcessEnv {
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  }
}
