/** Temporary folders of a command, which are removed also where a signal ends it. */
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'

const folders = new Set<string>()

/** Has the folder removed where a signal ends the command; else `removeScratch` removes it. */
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
  // The signal again, which now has no listener: `process.exit` would wait for DuckDB's work, or fail in it.
  process.kill(process.pid, signal)
}
