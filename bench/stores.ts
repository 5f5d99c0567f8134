/** Stores filled before anything is measured. They are kept in `bench/data`, and copied for each measurement. */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BATCH_EVENTS, catchUp } from '../src/facts/projector.ts'
import { openFigures } from '../src/opening/open-figures.ts'
import { openEmbedded } from '../src/opening/open-storage.ts'
import { noneSetAside } from '../test/support/none-set-aside.ts'
import { toEntries } from './entries.ts'
import { GROUP, orderedGroup } from './generate.ts'
import type { Listening } from './listening.ts'
import { PlainTable } from './plain-table.ts'

const DATA = join(import.meta.dirname, 'data')
/** Of this process alone, so that two runs do not meet. */
const WORK = join(DATA, `work-${process.pid}`)

/** Grows with everything that makes the stores of earlier runs useless. */
const FORMAT = 6
/** More memory than a service has by default: filling is not what is measured. */
const FIGURES = { memory: '1000MB', threads: 2 }

/** How many events a year has, and how many of them, from its beginning, are stored. */
export interface Filling {
  perYear: number
  stored: number
}

/** A folder that is empty, and that nothing needs after the run. */
export function workFolder(name: string): string {
  const folder = join(WORK, name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

export function removeWork(): void {
  rmSync(WORK, { recursive: true, force: true })
}

/** A copy of a filled store of the service, as its data directory. */
export async function filledStore(filling: Filling): Promise<string> {
  return copyOf(await prepared('store', filling, fillStore))
}

/** A copy of a store of so many plays of `listening`, as a data directory of the service. */
export async function filledWithListening(listening: Listening, plays: number): Promise<string> {
  const filling = { perYear: plays, stored: plays }
  return copyOf(await prepared('listening', filling, folder => fillWithListening(folder, listening)))
}

/** A copy of a filled plain table: a folder with the file `plain.db`. */
export async function filledTable(filling: Filling): Promise<string> {
  return copyOf(await prepared('plain', filling, fillTable))
}

export const plainFile = (folder: string): string => join(folder, 'plain.db')

/** Bytes of all files of a folder. */
export function folderBytes(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true }).filter(file => file.isFile())
  return files.reduce((sum, { name }) => sum + statSync(join(folder, name)).size, 0)
}

/** Bytes of all that the figures of a folder are in. */
export function figuresBytes(folder: string): number {
  const files = readdirSync(folder).filter(file => /^(figures\.duckdb|strings\.db)/.test(file))
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
}

function copyOf(folder: string): string {
  const copy = workFolder(folder.slice(DATA.length + 1))
  cpSync(folder, copy, { recursive: true })
  return copy
}

const folderOf = (kind: string, { stored, perYear }: Filling): string =>
  join(DATA, `${kind}-${FORMAT}-${stored}-of-${perYear}`)

/** A folder that stays for later runs. */
export function keptFolder(kind: string, filling: Filling): string {
  const folder = folderOf(kind, filling)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** The folder of a filled store; filled now where that has not been done, or not to its end. */
async function prepared(
  kind: string,
  filling: Filling,
  fill: (folder: string, filling: Filling) => Promise<void>,
): Promise<string> {
  const marker = join(folderOf(kind, filling), 'complete')
  if (existsSync(marker)) return folderOf(kind, filling)
  rmSync(folderOf(kind, filling), { recursive: true, force: true })
  const folder = keptFolder(kind, filling)
  const begun = performance.now()
  await fill(folder, filling)
  writeFileSync(marker, new Date().toISOString())
  console.log(
    `filled ${folder.slice(dirname(DATA).length + 1)} in ${((performance.now() - begun) / 1000).toFixed(0)} s`,
  )
  return folder
}

async function fillStore(folder: string, { perYear, stored }: Filling): Promise<void> {
  const storage = openEmbedded(folder)
  const figures = await openFigures({ dataDir: folder, mongo: null }, FIGURES, storage)
  for (let group = 0; group * GROUP < stored; group += BATCH_EVENTS / GROUP) {
    const groups = Math.min(BATCH_EVENTS, stored - group * GROUP) / GROUP
    const events = Array.from({ length: groups }, (_, i) => orderedGroup(group + i, { perYear })).flat()
    await storage.append(toEntries(events))
    await catchUp(storage, figures, noneSetAside)
    while (await figures.tidy());
  }
  await figures.close()
  await storage.close()
}

/** Its listeners one after the other, as an import of a service that was before. */
async function fillWithListening(folder: string, listening: Listening): Promise<void> {
  const storage = openEmbedded(folder)
  const figures = await openFigures({ dataDir: folder, mongo: null }, FIGURES, storage)
  const listenersOfBatch = 200
  for (let first = 0; first < listening.listeners; first += listenersOfBatch) {
    const count = Math.min(listenersOfBatch, listening.listeners - first)
    const events = Array.from({ length: count }, (_, i) => listening.playsOf(first + i)).flat()
    await storage.append(toEntries(events))
    await catchUp(storage, figures, noneSetAside)
    while (await figures.tidy());
  }
  await figures.close()
  await storage.close()
}

async function fillTable(folder: string, { perYear, stored }: Filling): Promise<void> {
  const table = new PlainTable(plainFile(folder), 'filled')
  for (let group = 0; group * GROUP < stored; group++) table.insert(toEntries(orderedGroup(group, { perYear })))
  table.close()
}
