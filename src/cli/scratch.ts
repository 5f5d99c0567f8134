/** Folders that a command leaves nowhere, also where a signal ends it. */
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'

const folders = new Set<string>()

/** Removes the folder where a signal ends the command; `removeScratch` does otherwise. */
export function removeOnSignal(folder: string): void {
  if (folders.size === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, removeAll)
  folders.add(folder)
}

export async function removeScratch(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  folders.delete(folder)
  if (folders.size === 0) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, removeAll)
}

function removeAll(signal: 'SIGINT' | 'SIGTERM'): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  // By the signal itself, now that nobody listens to it: `process.exit` would wait for DuckDB's work, or fail in it.
  process.kill(process.pid, signal)
}
