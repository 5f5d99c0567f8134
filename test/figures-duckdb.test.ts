import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolve } from '../src/attribution/resolver.ts'
import { openDuckdbFigures } from '../src/storage/duckdb/duckdb-figures.ts'
import type { Figures } from '../src/storage/figures.ts'
import { figuresContract, type OpenedFigures } from './figures-contract.ts'

const SETTINGS = { memory: '128MB', threads: 1, resolve, isOf: async () => true }

figuresContract('DuckDB', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'figures-duckdb-'))
  const open = (folder: string): Promise<Figures> => openDuckdbFigures(folder, SETTINGS)
  const opened: OpenedFigures = {
    figures: await open(directory),
    copyFolder: join(directory, 'copy'),
    openCopy: open,
    async reopen() {
      await opened.figures.close()
      return open(directory)
    },
    async remove() {
      await opened.figures.close()
      await rm(directory, { recursive: true })
    },
  }
  return opened
})
